#pragma once
// RecordBatchBuilder: records in, the bytes of a record batch out.
#include <optional>
#include <span>

#include "base/varint.h"
#include "log/record_batch.h"

namespace leat {

struct HeaderView {
  BytesView key;
  std::optional<BytesView> value;
};

// One record as it stands in a batch, before compression. Its time and offset are those of the batch and these deltas.
template <class Headers>
void put_record(Bytes& out, int64_t delta_ms, int64_t offset_delta, std::optional<BytesView> key,
                std::optional<BytesView> value, const Headers& headers) {
  auto size_of = [](std::optional<BytesView> field) {
    return field ? varint_size(static_cast<int64_t>(field->size())) + field->size() : 1;
  };
  auto put = [&out](std::optional<BytesView> field) {
    put_varint(out, field ? static_cast<int64_t>(field->size()) : -1);
    if (field) out += *field;
  };
  size_t size = 1 + varint_size(delta_ms) + varint_size(offset_delta) + size_of(key) + size_of(value) +
                varint_size(static_cast<int64_t>(headers.size()));
  for (const auto& header : headers) size += size_of(BytesView(header.key)) + size_of(header.value);
  put_varint(out, static_cast<int64_t>(size));
  out.push_back(0);  // Attributes: Kafka defines none.
  put_varint(out, delta_ms);
  put_varint(out, offset_delta);
  put(key);
  put(value);
  put_varint(out, static_cast<int64_t>(headers.size()));
  for (const auto& header : headers) {
    put(BytesView(header.key));
    put(header.value);
  }
}

class RecordBatchBuilder {
 public:
  explicit RecordBatchBuilder(Codec codec = Codec::kNone) : codec_(codec) { clear(); }

  // `headers`: a range of things with a .key and a .value that a HeaderView can be made of. The caller sees to it that
  // size_bytes() stays below kRecordsBytesMax.
  template <class Headers = std::span<const HeaderView>>
  void add(WallTime, std::optional<BytesView> key, std::optional<BytesView> value, const Headers& headers = {});

  bool empty() const { return count_ == 0; }
  size_t size_bytes() const { return bytes_.size(); }  // Before compression.

  // The batch, with base offset 0; for the caller to change its offset, and valid until clear() or add(). Not empty().
  std::span<char> finish(const BatchStamp&);
  void clear();

 private:
  Codec codec_;
  Bytes bytes_;  // Room for the header, then the records.
  int32_t count_ = 0;
  WallTime base_timestamp_, max_timestamp_;
};

template <class Headers>
void RecordBatchBuilder::add(WallTime timestamp, std::optional<BytesView> key, std::optional<BytesView> value,
                             const Headers& headers) {
  if (count_ == 0) base_timestamp_ = max_timestamp_ = timestamp;
  if (timestamp > max_timestamp_) max_timestamp_ = timestamp;
  int64_t delta_ms = timestamp.value - base_timestamp_.value;
  put_record(bytes_, delta_ms, count_++, key, value, headers);
}

}  // namespace leat
