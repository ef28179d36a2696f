#include "log/batch_finder.h"

#include "base/big_endian.h"
#include "log/batch_layout.h"
#include "log/files.h"

namespace leat {
namespace {

constexpr size_t kPieceBytes = 4096;

// Walks from header to header, reading a piece of the file at a time.
class HeaderWalk {
 public:
  HeaderWalk(Segment& segment, File& file, uint64_t position)
      : segment_(segment), file_(file), position_(position), piece_(kPieceBytes, '\0') {}

  // False at the segment's end.
  Result<bool> read() {
    constexpr size_t kNeeded = RecordBatchView::kHeaderBytes;
    if (position_ >= segment_.bytes()) return false;
    if (position_ < piece_at_ || position_ + kNeeded > piece_at_ + filled_) {
      TRY_ASSIGN(filled_, file_.read_at(position_, piece_));
      piece_at_ = position_;
    }
    if (filled_ < position_ - piece_at_ + kNeeded) {
      return corruption(segment_.path(), position_, "the file ends within a record batch; restore it from a copy");
    }
    return true;
  }
  const char* header() const { return piece_.data() + (position_ - piece_at_); }
  Offset base() const { return {load_big<int64_t>(header() + batch_layout::kBaseOffset)}; }
  Offset last() const { return {base().value + load_big<int32_t>(header() + batch_layout::kLastDelta)}; }
  uint64_t position() const { return position_; }

  void begin_anew() { position_ = 0; }
  Status step() {
    auto size = RecordBatchView::size_of({header(), RecordBatchView::kPrefixBytes});
    if (!size) return corruption(segment_.path(), position_, size.error().message);
    position_ += *size;
    return {};
  }

 private:
  Segment& segment_;
  File& file_;
  uint64_t position_, piece_at_ = 0;
  Bytes piece_;
  size_t filled_ = 0;
};

}  // namespace

Result<uint64_t> position_of(Segment& segment, Offset offset) {
  if (offset >= segment.end()) return segment.bytes();
  TRY_ASSIGN(const SparseIndex* index, segment.index());
  TRY_ASSIGN(File * file, segment.file());
  SparseIndex::Entry hint = index->before(offset);
  HeaderWalk walk(segment, *file, hint.position);
  // The index may be wrong: what it points at counts only if it is a batch at or before the offset.
  TRY_ASSIGN(bool any, walk.read());
  if (!any || walk.base() > offset) walk.begin_anew();
  while (true) {
    TRY_ASSIGN(bool more, walk.read());
    if (!more || walk.last() >= offset) return walk.position();
    TRY(walk.step());
  }
}

}  // namespace leat
