#include "log/record_batch.h"

#include "base/big_endian.h"
#include "base/crc32c.h"
#include "log/batch_layout.h"

namespace leat {
namespace {

using namespace batch_layout;

Error damaged(std::string what) {
  return Error{Errc::kCorruption, std::move(what)};
}

template <class T>
T field(BytesView bytes, size_t position) {
  return load_big<T>(bytes.data() + position);
}

}  // namespace

Result<size_t> RecordBatchView::size_of(BytesView prefix) {
  CHECK(prefix.size() >= kPrefixBytes);
  auto length = field<int32_t>(prefix, kLength);
  int64_t size = int64_t{length} + static_cast<int64_t>(kPrefixBytes);
  if (size < static_cast<int64_t>(kHeaderBytes) || size > static_cast<int64_t>(kBytesMax)) {
    return damaged("a record batch cannot be " + std::to_string(size) + " bytes long");
  }
  return static_cast<size_t>(size);
}

Result<RecordBatchView> RecordBatchView::parse(BytesView bytes) {
  if (bytes.size() < kHeaderBytes) return damaged("the record batch is cut off within its header");
  TRY_ASSIGN(size_t size, size_of(bytes));
  if (size > bytes.size()) {
    return damaged("the record batch of " + std::to_string(size) + " bytes is cut off after " +
                   std::to_string(bytes.size()));
  }
  bytes = bytes.substr(0, size);
  if (bytes[kMagic] != kMagic2) {
    return damaged("the record batch's magic is " + std::to_string(int{bytes[kMagic]}) + ", not 2");
  }
  auto expected = field<uint32_t>(bytes, kCrc);
  uint32_t actual = crc32c(bytes.substr(kAttributes));
  if (expected != actual) {
    return damaged("the record batch's checksum is " + std::to_string(actual) + ", not " + std::to_string(expected));
  }
  auto last_delta = field<int32_t>(bytes, kLastDelta);
  auto count = field<int32_t>(bytes, kCount);
  if (last_delta < 0 || count < 0 || count > int64_t{last_delta} + 1) {
    return damaged("the record batch says it has " + std::to_string(count) + " records up to " +
                   std::to_string(last_delta));
  }
  if ((field<int16_t>(bytes, kAttributes) & kCodecMask) > static_cast<int16_t>(Codec::kZstd)) {
    return damaged("the record batch's compression is unknown");
  }
  auto base = field<int64_t>(bytes, kBaseOffset);
  if (base < 0 || base > std::numeric_limits<int64_t>::max() - last_delta - 1) {
    return damaged("the record batch's offset is " + std::to_string(base));
  }
  return RecordBatchView(bytes);
}

Offset RecordBatchView::base_offset() const {
  return {field<int64_t>(bytes_, kBaseOffset)};
}
Offset RecordBatchView::last_offset() const {
  return {field<int64_t>(bytes_, kBaseOffset) + field<int32_t>(bytes_, kLastDelta)};
}
int32_t RecordBatchView::record_count() const {
  return field<int32_t>(bytes_, kCount);
}
int32_t RecordBatchView::leader_epoch() const {
  return field<int32_t>(bytes_, kLeaderEpoch);
}
WallTime RecordBatchView::base_timestamp() const {
  return {field<int64_t>(bytes_, kBaseTimestamp)};
}
WallTime RecordBatchView::max_timestamp() const {
  return {field<int64_t>(bytes_, kMaxTimestamp)};
}
BatchStamp RecordBatchView::stamp() const {
  return {field<int64_t>(bytes_, kProducerId), field<int16_t>(bytes_, kProducerEpoch),
          field<int32_t>(bytes_, kBaseSequence), is_transactional(), is_control()};
}
Codec RecordBatchView::codec() const {
  return static_cast<Codec>(field<int16_t>(bytes_, kAttributes) & kCodecMask);
}
std::optional<WallTime> RecordBatchView::delete_horizon() const {
  bool is_set = (field<int16_t>(bytes_, kAttributes) & kHorizonBit) != 0;
  return is_set ? std::optional<WallTime>(base_timestamp()) : std::nullopt;
}
bool RecordBatchView::is_control() const {
  return (field<int16_t>(bytes_, kAttributes) & kControlBit) != 0;
}
bool RecordBatchView::is_transactional() const {
  return (field<int16_t>(bytes_, kAttributes) & kTransactionalBit) != 0;
}

void set_base_offset(char* batch, Offset offset) {
  store_big(batch + kBaseOffset, offset.value);
}

void set_append_time(std::span<char> batch, WallTime time) {
  char* header = batch.data();
  store_big(header + kAttributes, static_cast<int16_t>(load_big<int16_t>(header + kAttributes) | kAppendTimeBit));
  store_big(header + kMaxTimestamp, time.value);
  store_big(header + kCrc, crc32c({header + kAttributes, batch.size() - kAttributes}));
}

void set_leader_epoch(char* batch, int32_t epoch) {
  store_big(batch + kLeaderEpoch, epoch);
}

}  // namespace leat
