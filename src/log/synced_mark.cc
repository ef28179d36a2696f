#include "log/synced_mark.h"

#include <algorithm>

#include "base/big_endian.h"
#include "base/crc32c.h"
#include "log/files.h"

namespace leat {
namespace {

constexpr size_t kNoteBytes = 12;  // The offset, and its checksum.
constexpr uint64_t kFileBytesMax = 64 << 10;

}  // namespace

SyncedMark::SyncedMark(FileSystem& files, const std::string& directory)
    : files_(files), path_(directory + "/" + kFileName) {
  auto notes = read_whole(files, path_);
  if (!notes) return;
  for (size_t at = 0; at + kNoteBytes <= notes->size(); at += kNoteBytes) {
    const char* note = notes->data() + at;
    if (crc32c(BytesView(note, 8)) != load_big<uint32_t>(note + 8)) continue;
    offset_ = std::max(offset_, Offset{load_big<int64_t>(note)});
  }
}

void SyncedMark::advance(Offset offset) {
  offset_ = offset;
  bool fresh = !file_ || bytes_ >= kFileBytesMax;
  if (!file_) {
    auto opened = files_.open(path_, OpenMode::kAppend);
    if (!opened) return;
    file_ = std::move(*opened);
  }
  // Begun anew, because after a torn note none that follows would be found.
  if (fresh && !file_->truncate(0)) return;
  if (fresh) bytes_ = 0;
  Bytes note;
  put_big<int64_t>(note, offset.value);
  put_big<uint32_t>(note, crc32c(note));
  BytesView piece = note;
  if (!file_->append({&piece, 1})) {
    bytes_ = kFileBytesMax;
    return;
  }
  bytes_ += kNoteBytes;
}

}  // namespace leat
