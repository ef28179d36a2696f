#include "log/record_reader.h"

#include "base/big_endian.h"

namespace leat {
namespace {

bool take_field(BytesView& in, std::optional<BytesView>& out) {
  int64_t size = 0;
  if (!take_varint(in, size) || size < -1 || size > static_cast<int64_t>(in.size())) return false;
  out.reset();
  if (size < 0) return true;
  out = in.substr(0, static_cast<size_t>(size));
  in.remove_prefix(static_cast<size_t>(size));
  return true;
}

const char* take_headers(BytesView& in, std::vector<HeaderView>& out) {
  int64_t count = 0;
  // A header takes two bytes at least, so a count beyond that is a lie, and allocates nothing.
  if (!take_varint(in, count) || count < 0 || count > static_cast<int64_t>(in.size() / 2)) return "number of headers";
  out.clear();
  for (; count > 0; --count) {
    std::optional<BytesView> key;
    HeaderView header;
    if (!take_field(in, key) || !key) return "header's key";
    header.key = *key;
    if (!take_field(in, header.value)) return "header's value";
    out.push_back(header);
  }
  return nullptr;
}

}  // namespace

RecordReader::RecordReader(const RecordBatchView& batch, Bytes decompressed)
    : decompressed_(std::make_unique<Bytes>(std::move(decompressed))),
      rest_(batch.codec() == Codec::kNone ? batch.records() : BytesView(*decompressed_)),
      base_offset_(batch.base_offset()),
      base_timestamp_(batch.base_timestamp()),
      count_(batch.record_count()),
      last_delta_(batch.last_offset().value - batch.base_offset().value) {}

Result<RecordReader> RecordReader::open(const RecordBatchView& batch, size_t bytes_max) {
  Bytes decompressed;
  if (batch.codec() != Codec::kNone) {
    TRY_ASSIGN(decompressed, decompress(batch.codec(), batch.records(), bytes_max));
  }
  return RecordReader(batch, std::move(decompressed));
}

Result<bool> RecordReader::next(RecordView& into) {
  const char* wrong = nullptr;
  if (read_ == count_) {
    if (rest_.empty()) return false;
    wrong = "end";
  } else {
    int64_t size = 0;
    if (!take_varint(rest_, size) || size < 0 || size > static_cast<int64_t>(rest_.size())) {
      wrong = "length";
    } else {
      wrong = take_record(rest_.substr(0, static_cast<size_t>(size)), into);
      rest_.remove_prefix(static_cast<size_t>(size));
    }
  }
  if (wrong == nullptr) {
    ++read_;
    return true;
  }
  return Error{Errc::kCorruption, "record " + std::to_string(read_) + " of the batch at offset " +
                                      std::to_string(base_offset_.value) + ": its " + wrong + " is wrong"};
}

// What is wrong with it, or nullptr.
const char* RecordReader::take_record(BytesView record, RecordView& into) {
  int64_t timestamp_delta = 0, offset_delta = 0;
  if (record.empty()) return "length";
  record.remove_prefix(1);  // Attributes: Kafka defines none.
  if (!take_varint(record, timestamp_delta)) return "timestamp";
  // A batch that was compacted has gaps.
  if (!take_varint(record, offset_delta) || offset_delta < next_delta_ || offset_delta > last_delta_) {
    return "offset";
  }
  next_delta_ = offset_delta + 1;
  into.offset = {base_offset_.value + offset_delta};
  // Wraps on a hostile sum, as unsigned numbers may.
  into.timestamp = {
      static_cast<int64_t>(static_cast<uint64_t>(base_timestamp_.value) + static_cast<uint64_t>(timestamp_delta))};
  if (!take_field(record, into.key)) return "key";
  if (!take_field(record, into.value)) return "value";
  if (const char* wrong = take_headers(record, into.headers)) return wrong;
  return record.empty() ? nullptr : "length";
}

void add_marker(RecordBatchBuilder& builder, WallTime now, MarkerType type) {
  Bytes key, value;
  put_big<int16_t>(key, 0);
  put_big<int16_t>(key, static_cast<int16_t>(type));
  put_big<int16_t>(value, 0);
  put_big<int32_t>(value, 0);
  builder.add(now, key, value);
}

Result<MarkerType> read_marker(const RecordBatchView& batch) {
  TRY_ASSIGN(auto reader, RecordReader::open(batch));
  RecordView record;
  TRY_ASSIGN(bool found, reader.next(record));
  if (found && record.key && record.key->size() == 4) {
    auto type = load_big<int16_t>(record.key->data() + 2);
    if (type == 0 || type == 1) return static_cast<MarkerType>(type);
  }
  return Error{Errc::kCorruption, "the control batch at offset " + std::to_string(batch.base_offset().value) +
                                      " holds neither a commit nor an abort"};
}

}  // namespace leat
