#include "log/record_batch_builder.h"

#include "base/big_endian.h"
#include "base/crc32c.h"
#include "log/batch_layout.h"

namespace leat {

using namespace batch_layout;

void RecordBatchBuilder::clear() {
  bytes_.assign(RecordBatchView::kHeaderBytes, '\0');
  count_ = 0;
}

std::span<char> RecordBatchBuilder::finish(const BatchStamp& stamp) {
  CHECK(!empty());
  if (codec_ != Codec::kNone) {
    Bytes compressed = compress(codec_, BytesView(bytes_).substr(RecordBatchView::kHeaderBytes));
    bytes_.resize(RecordBatchView::kHeaderBytes);
    bytes_ += compressed;
  }
  char* header = bytes_.data();
  store_big<int32_t>(header + kLength, static_cast<int32_t>(bytes_.size() - RecordBatchView::kPrefixBytes));
  header[kMagic] = kMagic2;
  int attributes =
      static_cast<int>(codec_) | (stamp.transactional ? kTransactionalBit : 0) | (stamp.control ? kControlBit : 0);
  store_big<int16_t>(header + kAttributes, static_cast<int16_t>(attributes));
  store_big<int32_t>(header + kLastDelta, count_ - 1);
  store_big<int64_t>(header + kBaseTimestamp, base_timestamp_.value);
  store_big<int64_t>(header + kMaxTimestamp, max_timestamp_.value);
  store_big<int64_t>(header + kProducerId, stamp.producer_id);
  store_big<int16_t>(header + kProducerEpoch, stamp.producer_epoch);
  store_big<int32_t>(header + kBaseSequence, stamp.base_sequence);
  store_big<int32_t>(header + kCount, count_);
  store_big<uint32_t>(header + kCrc, crc32c(BytesView(bytes_).substr(kAttributes)));
  return {bytes_.data(), bytes_.size()};
}

}  // namespace leat
