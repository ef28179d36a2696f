#include "log/batch_scanner.h"

#include <algorithm>

#include "log/files.h"

namespace leat {
namespace {

constexpr size_t kReadBytes = 256 << 10;

}  // namespace

BatchScanner::BatchScanner(File& file, const std::string& path, uint64_t position)
    : file_(file), path_(path), position_(position) {}

// Has at least `bytes` ahead, or everything up to the limit.
Status BatchScanner::fill(size_t bytes, uint64_t limit) {
  size_t have = filled_ - from_;
  if (have >= bytes || position_ + have >= limit) return {};
  std::copy(buffer_.data() + from_, buffer_.data() + filled_, buffer_.data());
  from_ = 0;
  filled_ = have;
  size_t wanted = std::min<uint64_t>(std::max(bytes, kReadBytes), limit - position_);
  if (buffer_.size() < wanted) buffer_.resize(wanted);
  auto got = file_.read_at(position_ + have, {buffer_.data() + have, wanted - have});
  if (!got) return got.error();
  filled_ += *got;
  return {};
}

Result<std::optional<RecordBatchView>> BatchScanner::next(uint64_t limit) {
  if (position_ >= limit) return std::optional<RecordBatchView>();
  TRY(fill(RecordBatchView::kHeaderBytes, limit));
  size_t size = 0;
  if (ahead().size() >= RecordBatchView::kPrefixBytes) {
    auto claimed = RecordBatchView::size_of(ahead());
    if (!claimed) return corruption(path_, position_, claimed.error().message);
    size = *claimed;
  }
  TRY(fill(size, limit));
  auto batch = RecordBatchView::parse(ahead());
  if (!batch) return corruption(path_, position_, batch.error().message);
  position_ += size;
  from_ += size;
  return std::optional<RecordBatchView>(*batch);
}

}  // namespace leat
