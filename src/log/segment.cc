#include "log/segment.h"

#include <algorithm>
#include <charconv>

#include "log/batch_scanner.h"
#include "log/files.h"

namespace leat {
namespace {

constexpr size_t kDigits = 20;
constexpr BytesView kExtension = ".log";
constexpr BytesView kIndexExtension = ".index";

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
  if (first) first_timestamp_ = newest;
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
  uint64_t covered = index_.load(files_, path_of(kIndexExtension), known_.base, known_.bytes);
  Status scanned = index_from(covered);
  if (!scanned && covered > 0) {
    index_ = {};  // It was of something else.
    scanned = index_from(0);
  }
  TRY(scanned);
  index_complete_ = true;
  return {};
}

Status Segment::index_from(uint64_t position) {
  TRY_ASSIGN(File * from, file());
  BatchScanner scanner(*from, path_, position);
  while (true) {
    position = scanner.position();
    TRY_ASSIGN(auto batch, scanner.next(known_.bytes));
    if (!batch) return {};
    index_.add(*batch, position);
  }
}

Status Segment::save_index() {
  TRY(load_index());
  return index_.save(files_, path_of(kIndexExtension), known_.base);
}

void Segment::adopt_index(SparseIndex index) {
  index_ = std::move(index);
  index_complete_ = true;
}

Result<std::optional<WallTime>> Segment::first_timestamp() {
  if (first_timestamp_ || known_.bytes == 0) return first_timestamp_;
  Bytes header(RecordBatchView::kHeaderBytes, '\0');
  TRY_ASSIGN(File * from, file());
  TRY_ASSIGN(size_t got, from->read_at(0, header));
  if (got < header.size()) return corruption(path_, 0, "the file is shorter than a record batch");
  first_timestamp_ = RecordBatchView::trusted(header).max_timestamp();
  return first_timestamp_;
}

std::string Segment::path_of(BytesView extension) const {
  return path_.substr(0, path_.size() - kExtension.size()) + std::string(extension);
}

Status Segment::remove_file(BytesView extension) {
  Status removed = files_.remove(path_of(extension));
  return removed || removed.error().code == Errc::kNotFound ? Status() : removed;
}

Status Segment::remove_index() {
  return remove_file(kIndexExtension);
}

Status Segment::remove() {
  TRY(remove_index());
  return remove_file(kExtension);
}

}  // namespace leat
