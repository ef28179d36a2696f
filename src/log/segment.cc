#include "log/segment.h"

#include <algorithm>
#include <charconv>

#include "log/batch_scanner.h"

namespace leat {
namespace {

constexpr size_t kDigits = 20;
constexpr BytesView kExtension = ".log";

}  // namespace

Segment::Segment(FileSystem& files, const std::string& directory, const RecoveryPoint::Segment& known)
    : files_(files), path_(directory + "/" + file_name(known.base)), known_(known), index_complete_(known.bytes == 0) {}

std::string Segment::file_name(Offset base) {
  std::string digits = std::to_string(base.value);
  return std::string(kDigits - digits.size(), '0') + digits + std::string(kExtension);
}

std::optional<Offset> Segment::base_of(const std::string& name) {
  if (name.size() != kDigits + kExtension.size() || !name.ends_with(kExtension)) return std::nullopt;
  Offset base;
  auto [end, error] = std::from_chars(name.data(), name.data() + kDigits, base.value);
  bool whole = error == std::errc() && end == name.data() + kDigits && base.value >= 0;
  return whole ? std::optional<Offset>(base) : std::nullopt;
}

Result<File*> Segment::file() {
  if (!file_) TRY(open(OpenMode::kRead));
  return file_.get();
}

Status Segment::open(OpenMode mode) {
  TRY_ASSIGN(file_, files_.open(path_, mode));
  return {};
}

void Segment::note(const RecordBatchView& batch, WallTime now) {
  if (index_complete_) index_.add(batch, known_.bytes);
  WallTime newest = batch.max_timestamp();
  bool first = known_.bytes == 0;
  known_.newest = first ? newest : std::max(known_.newest, newest);
  WallTime since = std::min(newest, now);
  known_.kept_since = first ? since : std::max(known_.kept_since, since);
  known_.bytes += batch.bytes().size();
  known_.end = batch.next_offset();
}

Result<const SparseIndex*> Segment::index() {
  TRY(load_index());
  return &index_;
}

Status Segment::load_index() {
  if (index_complete_) return {};
  if (!index_.load(files_, stem(), known_.base, known_.bytes, known_.newest)) {
    index_ = {};
    TRY_ASSIGN(File * from, file());
    BatchScanner scanner(*from, path_, 0);
    while (true) {
      uint64_t position = scanner.position();
      TRY_ASSIGN(auto batch, scanner.next(known_.bytes));
      if (!batch) break;
      index_.add(*batch, position);
    }
  }
  index_complete_ = true;
  return {};
}

Status Segment::save_index() {
  TRY_ASSIGN(const SparseIndex* complete, index());
  return complete->save(files_, stem(), known_.base);
}

Status Segment::remove() {
  for (const char* extension : {".index", ".timeindex", ".log"}) {
    Status removed = files_.remove(stem() + extension);
    if (!removed && removed.error().code != Errc::kNotFound) return removed;
  }
  return {};
}

}  // namespace leat
