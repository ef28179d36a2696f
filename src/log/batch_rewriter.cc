#include "log/batch_rewriter.h"

#include <algorithm>

#include "base/big_endian.h"
#include "base/crc32c.h"
#include "log/batch_layout.h"

namespace leat {

using namespace batch_layout;

BatchRewriter::BatchRewriter(const RecordBatchView& original, std::optional<WallTime> horizon)
    : original_(original),
      horizon_(horizon),
      base_timestamp_(horizon.value_or(original.base_timestamp())),
      newest_{std::numeric_limits<int64_t>::min()},
      bytes_(original.bytes().substr(0, RecordBatchView::kHeaderBytes)) {}

void BatchRewriter::keep(const RecordView& record) {
  newest_ = std::max(newest_, record.timestamp);
  put_record(bytes_, record.timestamp.value - base_timestamp_.value,
             record.offset.value - original_.base_offset().value, record.key, record.value, record.headers);
  ++count_;
}

BytesView BatchRewriter::finish() {
  constexpr int64_t kNoTimestamp = -1;
  auto attributes = load_big<int16_t>(original_.bytes().data() + kAttributes);
  if (count_ == 0) {
    attributes = static_cast<int16_t>(attributes & ~(kCodecMask | kHorizonBit));
    base_timestamp_.value = kNoTimestamp;
  } else {
    if (original_.codec() != Codec::kNone) {
      Bytes compressed = compress(original_.codec(), BytesView(bytes_).substr(RecordBatchView::kHeaderBytes));
      bytes_.resize(RecordBatchView::kHeaderBytes);
      bytes_ += compressed;
    }
    if (horizon_) attributes = static_cast<int16_t>(attributes | kHorizonBit);
  }
  char* header = bytes_.data();
  bool newest_is_kept = count_ == 0 || (attributes & kAppendTimeBit) != 0;
  store_big<int32_t>(header + kLength, static_cast<int32_t>(bytes_.size() - RecordBatchView::kPrefixBytes));
  store_big<int16_t>(header + kAttributes, attributes);
  store_big<int64_t>(header + kBaseTimestamp, base_timestamp_.value);
  store_big<int64_t>(header + kMaxTimestamp, newest_is_kept ? original_.max_timestamp().value : newest_.value);
  store_big<int32_t>(header + kCount, count_);
  store_big<uint32_t>(header + kCrc, crc32c(BytesView(bytes_).substr(kAttributes)));
  return bytes_;
}

}  // namespace leat
