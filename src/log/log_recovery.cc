#include "log/log_recovery.h"

#include <algorithm>

#include "log/batch_scanner.h"
#include "log/files.h"

namespace leat {
namespace {

constexpr const char* kAdvice = "; nothing was changed: restore the file from a copy";

class Recovery {
 public:
  Recovery(Env env, const std::string& directory, const LogOptions& options, Offset acknowledged)
      : env_(env), directory_(directory), options_(options), synced_(std::max(options.synced, acknowledged)) {}

  Result<RecoveredLog> run();

 private:
  Status list_segments();
  Status begin();
  Status take_recovery_point(const RecoveryPoint&);
  Status scan(Segment&, bool last);
  Status scan_batches(Segment&, uint64_t file_bytes, bool last);
  Status judge_damage(const Segment&, File&, uint64_t file_bytes, const Error& damage);
  Result<bool> whole_batch_follows(const Segment&, File&, uint64_t file_bytes);
  Status cut_tail(Segment&, uint64_t file_bytes);
  Segment& add(const RecoveryPoint::Segment& known);
  std::string synced_text() const {
    return ", although everything below offset " + std::to_string(synced_.value) + " had been synced";
  }

  Env env_;
  const std::string& directory_;
  const LogOptions& options_;
  Offset synced_;  // Below it, damage is corruption.
  std::vector<Offset> bases_;
  bool has_directory_ = true;
  RecoveredLog log_;
};

Result<RecoveredLog> Recovery::run() {
  TRY_ASSIGN(auto point, RecoveryPoint::load(env_.files, directory_));
  TRY(list_segments());
  if (bases_.empty()) {
    if (point || synced_.value > 0) {
      return corruption(directory_, 0, "there is no segment" + synced_text() + "; restore the directory from a copy");
    }
    TRY(begin());
    return std::move(log_);
  }
  if (point) TRY(take_recovery_point(*point));
  // A segment is begun only when the one before it is synced.
  synced_ = std::max({synced_, bases_.back(), point ? point->end() : Offset{}});
  if (!point) log_.start = bases_.front();
  size_t first_to_scan = point ? log_.segments.size() - 1 : 0;
  for (Offset base : bases_) {
    if (log_.segments.empty() || base > log_.segments.back()->base()) add({base, base, 0, {}, {}});
  }
  for (size_t i = first_to_scan; i < log_.segments.size(); ++i) {
    bool last = i + 1 == log_.segments.size();
    TRY(scan(*log_.segments[i], last));
    if (!last && log_.segments[i]->end() != log_.segments[i + 1]->base()) {
      return corruption(log_.segments[i]->path(), log_.segments[i]->bytes(),
                        "the file ends at offset " + std::to_string(log_.segments[i]->end().value) +
                            " and the next one begins at " + std::to_string(log_.segments[i + 1]->base().value) +
                            kAdvice);
    }
  }
  // The files' names may not be durable yet: a process that died may have begun a segment, or have replaced the last
  // one.
  bool replaces = options_.tail != Tail::kDiscard;
  bool known = point && first_to_scan + 1 == log_.segments.size();
  if ((!known || replaces) && !options_.read_only) TRY(env_.files.sync_directory(directory_));
  return std::move(log_);
}

Status Recovery::list_segments() {
  auto names = env_.files.list(directory_);
  if (!names && names.error().code == Errc::kNotFound) {
    has_directory_ = false;
    return {};
  }
  if (!names) return names.error();
  for (const std::string& name : *names) {
    if (auto base = Segment::base_of(name)) bases_.push_back(*base);
  }
  return {};
}

Status Recovery::begin() {
  if (options_.read_only) {
    add({});
    return {};
  }
  if (!has_directory_) TRY(env_.files.create_directories(directory_));
  TRY(add({}).open(OpenMode::kCreateNew));
  return env_.files.sync_directory(directory_);
}

Segment& Recovery::add(const RecoveryPoint::Segment& known) {
  log_.segments.push_back(std::make_shared<Segment>(env_.files, directory_, known));
  return *log_.segments.back();
}

Status Recovery::take_recovery_point(const RecoveryPoint& point) {
  log_.start = point.start;
  log_.transactions = PartitionTransactions(point.open, point.aborted);
  log_.producers = ProducerStates(point.producers);
  for (const auto& known : point.segments) {
    Segment& segment = add(known);
    auto info = env_.files.stat(segment.path());
    if (!info && info.error().code != Errc::kNotFound) return info.error();
    uint64_t bytes = info ? info->size : 0;
    bool sealed = &known != &point.segments.back();
    if (!info || (sealed ? bytes != known.bytes : bytes < known.bytes)) {
      return corruption(segment.path(), std::min(bytes, known.bytes),
                        "the file is " + (info ? std::to_string(bytes) + " bytes long" : std::string("missing")) +
                            " and should have " + std::to_string(known.bytes) + " bytes" + kAdvice);
    }
  }
  // What is older was deleted, but its files were not gone yet when the process ended.
  for (Offset base : bases_) {
    if (base >= point.segments.front().base || options_.read_only) break;
    TRY(Segment(env_.files, directory_, {base, base, 0, {}, {}}).remove());
  }
  std::erase_if(bases_, [&](Offset base) { return base < point.segments.front().base; });
  return {};
}

Status Recovery::scan(Segment& segment, bool last) {
  TRY(segment.open(last && !options_.read_only ? OpenMode::kAppend : OpenMode::kRead));
  TRY_ASSIGN(File * file, segment.file());
  TRY_ASSIGN(uint64_t file_bytes, file->size());
  if (segment.bytes() > 0 && segment.bytes() < file_bytes) {
    TRY(segment.load_index());  // What was saved ends here.
  }
  Offset known_end = segment.end();
  TRY(scan_batches(segment, file_bytes, last));
  if (!last) return {};
  if (segment.end() < synced_) {
    return corruption(segment.path(), segment.bytes(),
                      "the file ends at offset " + std::to_string(segment.end().value) + synced_text() + kAdvice);
  }
  if (options_.read_only) return {};
  bool keeps_unsynced = options_.tail != Tail::kDiscard && segment.end() > std::max(known_end, synced_);
  if (file_bytes == segment.bytes() && !keeps_unsynced) return {};
  return cut_tail(segment, file_bytes);
}

Status Recovery::scan_batches(Segment& segment, uint64_t file_bytes, bool last) {
  TRY_ASSIGN(File * file, segment.file());
  BatchScanner scanner(*file, segment.path(), segment.bytes());
  while (true) {
    if (last && options_.tail == Tail::kDiscard && segment.end() >= synced_) return {};
    uint64_t position = scanner.position();
    auto batch = scanner.next(file_bytes);
    if (batch && !*batch) return {};
    if (batch && (*batch)->base_offset() != segment.end()) {
      batch = corruption(segment.path(), position,
                         "offset " + std::to_string((*batch)->base_offset().value) + " stands where " +
                             std::to_string(segment.end().value) + " is due");
    }
    if (!batch && batch.error().code != Errc::kCorruption) return batch.error();
    if (!batch) return judge_damage(segment, *file, file_bytes, batch.error());
    TRY(log_.transactions.apply(**batch));
    log_.producers.apply(**batch);
    segment.note(**batch, env_.clock.wall());
  }
}

// OK: it is a torn tail that nobody was told of.
Status Recovery::judge_damage(const Segment& segment, File& file, uint64_t file_bytes, const Error& damage) {
  if (segment.end() < synced_) return Error{Errc::kCorruption, damage.message + synced_text() + kAdvice};
  if (options_.tail != Tail::kKeepEach || options_.read_only) return {};
  TRY_ASSIGN(bool follows, whole_batch_follows(segment, file, file_bytes));
  if (!follows) return {};
  return Error{Errc::kCorruption,
               damage.message + ", although a whole batch follows, so that it had been synced" + kAdvice};
}

Result<bool> Recovery::whole_batch_follows(const Segment& segment, File& file, uint64_t file_bytes) {
  Bytes rest(file_bytes - segment.bytes(), '\0');
  TRY_ASSIGN(size_t got, file.read_at(segment.bytes(), rest));
  BytesView bytes = BytesView(rest).substr(0, got);
  for (size_t at = 1; at + RecordBatchView::kHeaderBytes <= bytes.size(); ++at) {
    BytesView candidate = bytes.substr(at);
    if (candidate[16] != 2) continue;  // The magic: sorts out nearly all before the checksum is reckoned.
    auto size = RecordBatchView::size_of(candidate);
    if (!size || *size > candidate.size()) continue;
    auto batch = RecordBatchView::parse(candidate);
    if (batch && batch->base_offset() > segment.end()) return true;
  }
  return false;
}

// Takes what stands behind the last good batch off the file. Of a log that keeps its tail, the whole file is written
// anew: the kernel may believe pages to be clean that a failed sync lost, and the tail may have been acknowledged, so
// that it may not be in danger for a moment.
Status Recovery::cut_tail(Segment& segment, uint64_t file_bytes) {
  TRY_ASSIGN(File * file, segment.file());
  if (options_.tail == Tail::kDiscard) {
    log_.cut = file_bytes > segment.bytes();
    return log_.cut ? file->truncate(segment.bytes()) : Status();
  }
  Bytes contents(segment.bytes(), '\0');
  TRY_ASSIGN(size_t got, file->read_at(0, contents));
  if (got != contents.size()) return corruption(segment.path(), got, "the file became shorter while it was read");
  TRY(replace_file(env_.files, directory_, Segment::file_name(segment.base()), contents));
  return segment.open(OpenMode::kAppend);
}

}  // namespace

Result<RecoveredLog> recover_log(Env env, const std::string& directory, const LogOptions& options,
                                 Offset acknowledged) {
  return Recovery(env, directory, options, acknowledged).run();
}

}  // namespace leat
