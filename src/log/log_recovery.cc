#include "log/log_recovery.h"

#include <algorithm>

#include "log/batch_scanner.h"
#include "log/files.h"

namespace leat {
namespace {

constexpr const char* kSwapExtension = ".swap";
constexpr const char* kCleanedExtension = ".cleaned";
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
  Status settle_compaction(const std::optional<RecoveryPoint>&);
  struct Damage {
    uint64_t position;
    Offset end;  // Of what is good before it.
    Error what;
  };
  Status scan_sealed(Segment&, Offset end);
  Status scan_last(Segment&);
  Status scan_batches(Segment&, uint64_t file_bytes, Offset end, std::optional<Offset> tail_begins);
  Status judge(const Damage&, File&, uint64_t file_bytes);
  Result<bool> whole_batch_follows(const Damage&, File&, uint64_t file_bytes);
  Status move_tail(Segment& from, Segment& tail);
  Segment& add(const RecoveryPoint::Segment& known);
  std::string synced_text() const {
    return ", although everything below offset " + std::to_string(synced_.value) + " had been synced";
  }

  Env env_;
  const std::string& directory_;
  const LogOptions& options_;
  Offset synced_;  // Below it, damage is corruption.
  std::vector<Offset> bases_;
  std::vector<std::string> unfinished_;  // What a compaction left.
  bool has_directory_ = true;
  bool gaps_may_be_ = false;
  RecoveredLog log_;
};

Result<RecoveredLog> Recovery::run() {
  TRY_ASSIGN(auto point, RecoveryPoint::load(env_.files, directory_));
  TRY(list_segments());
  TRY(settle_compaction(point));
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
  gaps_may_be_ = !point && options_.compacts;
  size_t first_to_scan = point ? log_.segments.size() - 1 : 0;
  for (Offset base : bases_) {
    if (log_.segments.empty() || base > log_.segments.back()->base()) add({base, base, 0, {}, {}});
  }
  for (size_t i = first_to_scan; i + 1 < log_.segments.size(); ++i) {
    TRY(scan_sealed(*log_.segments[i], log_.segments[i + 1]->base()));
  }
  // The files' names may not be durable yet: a process that died may have begun a segment, or have replaced the last
  // one.
  bool replaces = options_.tail != Tail::kDiscard;
  bool known = point && first_to_scan + 1 == log_.segments.size();
  TRY(scan_last(*log_.segments.back()));
  if ((!known || replaces) && !options_.read_only) TRY(env_.files.sync_directory(directory_));
  log_.grew = !point || log_.segments.back()->end() > point->end();
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
    if (name.ends_with(kSwapExtension) || name.ends_with(kCleanedExtension)) unfinished_.push_back(name);
  }
  return {};
}

// Completes what a compaction had decided, and removes what it had not.
Status Recovery::settle_compaction(const std::optional<RecoveryPoint>& point) {
  bool decided_any = point && !point->swaps.empty();
  if (options_.read_only || (unfinished_.empty() && !decided_any)) return {};
  for (size_t i = 0; decided_any && i < point->swaps.size(); ++i) {
    Offset base = point->swaps[i];
    std::string swap = Segment::file_name(base) + kSwapExtension;
    auto left = std::find(unfinished_.begin(), unfinished_.end(), swap);
    if (left != unfinished_.end()) {
      TRY(env_.files.rename(directory_ + "/" + swap, directory_ + "/" + Segment::file_name(base)));
      unfinished_.erase(left);
    }
    TRY(Segment(env_.files, directory_, {base, base, 0, {}, {}}).remove_index());  // It was the old one's.
  }
  for (const std::string& name : unfinished_) TRY(env_.files.remove(directory_ + "/" + name));
  return env_.files.sync_directory(directory_);
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
  log_.epochs = point.epochs;
  log_.clean_end = point.clean_end;
  log_.noted_swaps = point.swaps;
  for (const auto& known : point.segments) {
    Segment& segment = add(known);
    auto info = env_.files.stat(segment.path());
    if (!info && info.error().code != Errc::kNotFound) return info.error();
    uint64_t bytes = info ? info->size : 0;
    // It may be longer: what an opening cut off comes back if the power fails soon, and is never looked at.
    if (bytes < known.bytes || !info) {
      return corruption(segment.path(), std::min(bytes, known.bytes),
                        "the file is " + (info ? std::to_string(bytes) + " bytes long" : std::string("missing")) +
                            " and should have " + std::to_string(known.bytes) + " bytes" + kAdvice);
    }
  }
  // What is older was deleted, and what lies between was merged, but the files were not gone yet when the process
  // ended.
  auto is_over = [&](Offset base) {
    auto same = [base](const auto& known) { return known.base == base; };
    return base < point.segments.back().base && std::none_of(point.segments.begin(), point.segments.end(), same);
  };
  for (Offset base : bases_) {
    if (is_over(base) && !options_.read_only) {
      TRY(Segment(env_.files, directory_, {base, base, 0, {}, {}}).remove());
    }
  }
  std::erase_if(bases_, is_over);
  return {};
}

// Of a segment that another follows. What stands behind the other's beginning was moved there.
Status Recovery::scan_sealed(Segment& segment, Offset end) {
  TRY_ASSIGN(File * file, segment.file());
  TRY_ASSIGN(uint64_t file_bytes, file->size());
  if (segment.bytes() < file_bytes) TRY(segment.load_index());
  TRY(scan_batches(segment, file_bytes, end, {}));
  if (segment.end() != end) {
    return corruption(segment.path(), segment.bytes(),
                      "the file ends at offset " + std::to_string(segment.end().value) +
                          " and the next one begins at " + std::to_string(end.value) + kAdvice);
  }
  return {};
}

Status Recovery::scan_last(Segment& segment) {
  TRY(segment.open(options_.read_only ? OpenMode::kRead : OpenMode::kAppend));
  TRY_ASSIGN(File * file, segment.file());
  TRY_ASSIGN(uint64_t file_bytes, file->size());
  if (segment.bytes() < file_bytes) TRY(segment.load_index());  // What was saved ends here.
  bool keeps = options_.tail != Tail::kDiscard;
  Offset settled = std::max(segment.end(), synced_);
  Offset end = keeps ? Offset{std::numeric_limits<int64_t>::max()} : settled;
  bool splits = keeps && !options_.read_only && segment.base() < settled;
  TRY(scan_batches(segment, file_bytes, end, splits ? std::optional<Offset>(settled) : std::nullopt));
  Segment& grown = *log_.segments.back();
  if (grown.end() < synced_) {
    return corruption(segment.path(), segment.bytes(),
                      "the file ends at offset " + std::to_string(grown.end().value) + synced_text() + kAdvice);
  }
  if (options_.read_only) return {};
  if (grown.end() > settled && keeps) return move_tail(segment, grown);
  return file_bytes > segment.bytes() ? file->truncate(segment.bytes()) : Status();
}

// Up to `end`. What stands behind `tail_begins` goes to the account of a segment of its own, which is added to the log.
Status Recovery::scan_batches(Segment& segment, uint64_t file_bytes, Offset end, std::optional<Offset> tail_begins) {
  TRY_ASSIGN(File * file, segment.file());
  BatchScanner scanner(*file, segment.path(), segment.bytes());
  Segment* grows = &segment;
  while (grows->end() < end) {
    uint64_t position = scanner.position();
    auto batch = scanner.next(file_bytes);
    if (batch && !*batch) return {};
    bool gap = gaps_may_be_ && batch && *batch && (*batch)->base_offset() > grows->end();
    if (gap) {
      grows->mark_compacted();
      tail_begins.reset();
    }
    if (batch && *batch && (*batch)->base_offset() != grows->end() && !gap) {
      batch = corruption(segment.path(), position,
                         "offset " + std::to_string((*batch)->base_offset().value) + " stands where " +
                             std::to_string(grows->end().value) + " is due");
    }
    if (!batch && batch.error().code != Errc::kCorruption) return batch.error();
    if (!batch) return judge({position, grows->end(), batch.error()}, *file, file_bytes);
    TRY(log_.transactions.apply(**batch));
    log_.producers.apply(**batch);
    log_.epochs.begin((*batch)->leader_epoch(), (*batch)->base_offset());
    if (tail_begins && grows == &segment && segment.end() >= *tail_begins) {
      grows = &add({segment.end(), segment.end(), 0, {}, {}});
    }
    grows->note(**batch, env_.clock.wall());
  }
  return {};
}

// OK: it is a torn tail that nobody was told of.
Status Recovery::judge(const Damage& damage, File& file, uint64_t file_bytes) {
  if (damage.end < synced_) return Error{Errc::kCorruption, damage.what.message + synced_text() + kAdvice};
  if (options_.tail != Tail::kKeepEach || options_.read_only) return {};
  TRY_ASSIGN(bool follows, whole_batch_follows(damage, file, file_bytes));
  if (!follows) return {};
  return Error{Errc::kCorruption,
               damage.what.message + ", although a whole batch follows, so that it had been synced" + kAdvice};
}

Result<bool> Recovery::whole_batch_follows(const Damage& damage, File& file, uint64_t file_bytes) {
  Bytes rest(file_bytes - damage.position, '\0');
  TRY_ASSIGN(size_t got, file.read_at(damage.position, rest));
  BytesView bytes = BytesView(rest).substr(0, got);
  for (size_t at = 1; at + RecordBatchView::kHeaderBytes <= bytes.size(); ++at) {
    BytesView candidate = bytes.substr(at);
    if (candidate[16] != 2) continue;  // The magic: sorts out nearly all before the checksum is reckoned.
    auto size = RecordBatchView::size_of(candidate);
    if (!size || *size > candidate.size()) continue;
    auto batch = RecordBatchView::parse(candidate);
    if (batch && batch->base_offset() > damage.end) return true;
  }
  return false;
}

// What is whole, but not known to be synced, is written anew: the kernel may believe pages to be clean that a failed
// sync lost. It may have been acknowledged, so that it may not be in danger for a moment: it becomes a segment of its
// own, unless it is a whole one already, and what was synced is not touched.
Status Recovery::move_tail(Segment& from, Segment& tail) {
  TRY_ASSIGN(File * file, from.file());
  bool whole = &from == &tail;
  uint64_t position = whole ? 0 : from.bytes();
  TRY(copy_stretch(env_.files, *file, position, position + tail.bytes(), tail.path() + ".tmp"));
  TRY(env_.files.rename(tail.path() + ".tmp", tail.path()));
  TRY(env_.files.sync_directory(directory_));
  if (!whole) TRY(file->truncate(from.bytes()));
  return tail.open(OpenMode::kAppend);
}

}  // namespace

Result<RecoveredLog> recover_log(Env env, const std::string& directory, const LogOptions& options,
                                 Offset acknowledged) {
  return Recovery(env, directory, options, acknowledged).run();
}

}  // namespace leat
