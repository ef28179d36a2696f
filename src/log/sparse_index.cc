#include "log/sparse_index.h"

#include <algorithm>

#include "base/big_endian.h"
#include "base/crc32c.h"
#include "log/files.h"

namespace leat {
namespace {

constexpr uint64_t kIntervalBytes = 4096;
constexpr size_t kOffsetEntryBytes = 8;
constexpr size_t kTimeEntryBytes = 12;
constexpr size_t kSealBytes = 4;

void seal(Bytes& contents) {
  put_big<uint32_t>(contents, crc32c(contents));
}

bool unseal(Bytes& contents) {
  if (contents.size() < kSealBytes) return false;
  size_t size = contents.size() - kSealBytes;
  auto crc = load_big<uint32_t>(contents.data() + size);
  contents.resize(size);
  return crc == crc32c(contents);
}

}  // namespace

void SparseIndex::add(const RecordBatchView& batch, uint64_t position) {
  if (position >= next_position_) {
    entries_.push_back({batch.base_offset(), position, newest_});
    next_position_ = position + kIntervalBytes;
  }
  newest_ = std::max(newest_, batch.max_timestamp());
}

SparseIndex::Entry SparseIndex::before(Offset offset) const {
  auto after = std::upper_bound(entries_.begin(), entries_.end(), offset,
                                [](Offset wanted, const Entry& entry) { return wanted < entry.offset; });
  return after == entries_.begin() ? Entry{} : *(after - 1);
}

SparseIndex::Entry SparseIndex::before(WallTime time) const {
  auto after = std::partition_point(entries_.begin(), entries_.end(),
                                    [time](const Entry& entry) { return entry.newest_before < time; });
  return after == entries_.begin() ? Entry{} : *(after - 1);
}

Status SparseIndex::save(FileSystem& files, const std::string& stem, Offset base) const {
  Bytes by_offset, by_time;
  for (const Entry& entry : entries_) {
    auto relative = static_cast<uint32_t>(entry.offset.value - base.value);
    put_big<uint32_t>(by_offset, relative);
    put_big<uint32_t>(by_offset, static_cast<uint32_t>(entry.position));
    put_big<int64_t>(by_time, entry.newest_before.value);
    put_big<uint32_t>(by_time, relative);
  }
  seal(by_offset);
  seal(by_time);
  TRY(rewrite_file(files, stem + ".index", by_offset));
  return rewrite_file(files, stem + ".timeindex", by_time);
}

bool SparseIndex::load(FileSystem& files, const std::string& stem, Offset base, uint64_t bytes, WallTime newest) {
  auto by_offset = read_whole(files, stem + ".index");
  auto by_time = read_whole(files, stem + ".timeindex");
  if (!by_offset || !by_time || !unseal(*by_offset) || !unseal(*by_time)) return false;
  size_t count = by_offset->size() / kOffsetEntryBytes;
  bool whole = by_offset->size() == count * kOffsetEntryBytes && by_time->size() == count * kTimeEntryBytes;
  if (!whole || (count == 0) != (bytes == 0)) return false;
  std::vector<Entry> loaded;
  for (size_t i = 0; i < count; ++i) {
    const char* offset_entry = by_offset->data() + i * kOffsetEntryBytes;
    const char* time_entry = by_time->data() + i * kTimeEntryBytes;
    auto relative = load_big<uint32_t>(offset_entry);
    Entry entry{{base.value + relative}, load_big<uint32_t>(offset_entry + 4), {load_big<int64_t>(time_entry)}};
    bool grows = loaded.empty() ? entry.position == 0
                                : loaded.back().offset < entry.offset && loaded.back().position < entry.position &&
                                      loaded.back().newest_before <= entry.newest_before;
    if (!grows || entry.position >= bytes || load_big<uint32_t>(time_entry + 8) != relative) return false;
    loaded.push_back(entry);
  }
  entries_ = std::move(loaded);
  next_position_ = entries_.empty() ? 0 : entries_.back().position + kIntervalBytes;
  newest_ = newest;
  return true;
}

}  // namespace leat
