#include "stream/group_key.h"

#include <bit>
#include <cmath>
#include <limits>

namespace leat {
namespace {

__extension__ typedef unsigned __int128 UInt128;

template <class T>
uint64_t load(const char* from) {
  T value;
  std::memcpy(&value, from, sizeof(T));
  return value;
}

// The first `size` (< 8) bytes as a word, without reading beyond them.
uint64_t load_short(const char* from, size_t size) {
  if (size >= 4) return load<uint32_t>(from) | load<uint32_t>(from + size - 4) << (8 * (size - 4));
  if (size == 0) return 0;
  return load<uint8_t>(from) | load<uint8_t>(from + size / 2) << (8 * (size / 2)) |
         load<uint8_t>(from + size - 1) << (8 * (size - 1));
}

uint64_t mix(uint64_t a, uint64_t b) {
  auto product = static_cast<UInt128>(a) * b;
  return static_cast<uint64_t>(product) ^ static_cast<uint64_t>(product >> 64);
}

constexpr uint64_t kSalt0 = 0x9E3779B97F4A7C15, kSalt1 = 0xD6E8FEB86659FD93;

uint64_t hash_bytes(BytesView bytes) {
  uint64_t hash = bytes.size() * kSalt0;
  const char* at = bytes.data();
  size_t left = bytes.size();
  for (; left >= 16; at += 16, left -= 16) hash = mix(load<uint64_t>(at) ^ kSalt1, load<uint64_t>(at + 8) ^ hash);
  uint64_t low = left >= 8 ? load<uint64_t>(at) : load_short(at, left);
  uint64_t high = left > 8 ? load_short(at + 8, left - 8) : 0;
  return mix(low ^ kSalt1, high ^ hash ^ kSalt0);
}

double normal(double value) {
  if (value == 0) return 0;
  return std::isnan(value) ? std::numeric_limits<double>::quiet_NaN() : value;
}

// Packed keys: for each column one byte, 0 for NULL, and then
//   BOOLEAN      1 or 2, nothing follows
//   integers     1 + n, then n bytes of the zigzag value, little-endian, as few as it takes
//   DOUBLE       1, then 8 bytes
//   DECIMAL      1 + n, as integers
//   bytes        1 + length up to 253, or 255 and four bytes of length; then the bytes
constexpr uint8_t kNullMark = 0, kLongMark = 255;
constexpr size_t kShortMax = 253;

void pack_integer(Bytes& out, UInt128 zigzag) {
  char buffer[17];
  size_t size = 1;
  for (; zigzag != 0; zigzag >>= 8) buffer[size++] = static_cast<char>(zigzag);
  buffer[0] = static_cast<char>(size);
  out.append(buffer, size);
}

UInt128 zigzag(Int128 value) {
  return (static_cast<UInt128>(value) << 1) ^ static_cast<UInt128>(value >> 127);
}
Int128 unzigzag(UInt128 value) {
  return static_cast<Int128>(value >> 1) ^ -static_cast<Int128>(value & 1);
}

void pack(Bytes& out, const Column& column, Physical physical, uint32_t row) {
  if (!column.valid(row)) {
    out.push_back(kNullMark);
    return;
  }
  switch (physical) {
    case Physical::kBool:
      out.push_back(column.bools()[row] != 0 ? 2 : 1);
      return;
    case Physical::kInt64:
      return pack_integer(out, zigzag(column.ints()[row]));
    case Physical::kDouble: {
      double value = normal(column.doubles()[row]);
      out.push_back(1);
      out.append(reinterpret_cast<const char*>(&value), sizeof(value));
      return;
    }
    case Physical::kDecimal:
      return pack_integer(out, zigzag(column.decimals()[row]));
    case Physical::kBytes: {
      BytesView bytes = column.bytes()[row];
      auto length = static_cast<uint32_t>(bytes.size());
      if (bytes.size() <= kShortMax) {
        out.push_back(static_cast<char>(1 + length));
      } else {
        out.push_back(static_cast<char>(kLongMark));
        out.append(reinterpret_cast<const char*>(&length), sizeof(length));
      }
      out.append(bytes);
      return;
    }
  }
}

template <class T>
T take(BytesView& in) {
  CHECK(in.size() >= sizeof(T));
  T value;
  std::memcpy(&value, in.data(), sizeof(T));
  in.remove_prefix(sizeof(T));
  return value;
}

Int128 unpack_integer(BytesView& in, uint8_t mark) {
  size_t size = mark - 1U;
  CHECK(size <= 16 && in.size() >= size);
  UInt128 value = 0;
  std::memcpy(&value, in.data(), size);
  in.remove_prefix(size);
  return unzigzag(value);
}

void unpack(BytesView& in, Column& column, Physical physical, uint32_t row) {
  auto mark = take<uint8_t>(in);
  if (mark == kNullMark) return column.set_null(row);
  switch (physical) {
    case Physical::kBool:
      column.bools()[row] = mark == 2;
      return;
    case Physical::kInt64:
      column.ints()[row] = static_cast<int64_t>(unpack_integer(in, mark));
      return;
    case Physical::kDouble:
      column.doubles()[row] = take<double>(in);
      return;
    case Physical::kDecimal:
      column.decimals()[row] = unpack_integer(in, mark);
      return;
    case Physical::kBytes: {
      size_t length = mark == kLongMark ? take<uint32_t>(in) : mark - 1U;
      CHECK(in.size() >= length);
      column.set_bytes(row, in.substr(0, length));
      in.remove_prefix(length);
      return;
    }
  }
}

}  // namespace

GroupKey GroupKey::of(BytesView bytes) {
  const char* data = bytes.data();
  size_t size = bytes.size();
  if (size < 8) return {load_short(data, size), static_cast<uint64_t>(size) << 56};
  if (size <= kInlineMax) {
    return {load<uint64_t>(data), load_short(data + 8, size - 8) | static_cast<uint64_t>(size) << 56};
  }
  CHECK(size <= std::numeric_limits<uint32_t>::max());
  return {reinterpret_cast<uint64_t>(data), static_cast<uint64_t>(size) | uint64_t{kLong} << 56};
}

uint64_t GroupKey::hash() const {
  if (is_long()) return hash_bytes(bytes());
  return mix(low ^ kSalt0, (high & ~kMarks) ^ kSalt1);
}

GroupKeyCodec::GroupKeyCodec(std::vector<uint32_t> columns, const Schema& input) : columns_(std::move(columns)) {
  for (uint32_t column : columns_) physical_.push_back(input[column].type.physical());
  shape_ = Shape::kPacked;
  if (physical_.empty()) {
    shape_ = Shape::kNone;
  } else if (physical_.size() == 1 && physical_[0] != Physical::kDecimal) {
    shape_ = physical_[0] == Physical::kBytes ? Shape::kBytes : Shape::kWord;
  }
}

void GroupKeyCodec::encode(const Batch& batch) {
  keys_.resize(batch.rows);
  switch (shape_) {
    case Shape::kNone:
      std::fill(keys_.begin(), keys_.end(), GroupKey::of({}));
      break;
    case Shape::kWord:
      encode_words(*batch.columns[columns_[0]]);
      break;
    case Shape::kBytes:
      encode_bytes(*batch.columns[columns_[0]]);
      break;
    case Shape::kPacked:
      encode_packed(batch);
      break;
  }
  hash_all();
}

void GroupKeyCodec::encode_words(const Column& column) {
  size_t rows = keys_.size();
  if (physical_[0] == Physical::kInt64) {
    auto values = column.ints();
    for (size_t i = 0; i < rows; ++i) keys_[i] = GroupKey::word(static_cast<uint64_t>(values[i]));
  } else if (physical_[0] == Physical::kDouble) {
    auto values = column.doubles();
    for (size_t i = 0; i < rows; ++i) keys_[i] = GroupKey::word(std::bit_cast<uint64_t>(normal(values[i])));
  } else {
    auto values = column.bools();
    for (size_t i = 0; i < rows; ++i) keys_[i] = GroupKey::word(values[i] != 0 ? 1 : 0);
  }
  if (!column.has_nulls()) return;
  for (size_t i = 0; i < rows; ++i) {
    if (!column.valid(static_cast<uint32_t>(i))) keys_[i] = GroupKey::null();
  }
}

void GroupKeyCodec::encode_bytes(const Column& column) {
  auto values = column.bytes();
  for (size_t i = 0; i < keys_.size(); ++i) {
    keys_[i] = column.valid(static_cast<uint32_t>(i)) ? GroupKey::of(values[i]) : GroupKey::null();
  }
}

void GroupKeyCodec::encode_packed(const Batch& batch) {
  packed_.clear();
  packed_ends_.resize(keys_.size());
  for (size_t i = 0; i < keys_.size(); ++i) {
    for (size_t c = 0; c < columns_.size(); ++c) {
      pack(packed_, *batch.columns[columns_[c]], physical_[c], static_cast<uint32_t>(i));
    }
    packed_ends_[i] = packed_.size();
  }
  // Only now does packed_ stay where it is.
  size_t begin = 0;
  for (size_t i = 0; i < keys_.size(); ++i) {
    keys_[i] = GroupKey::of(BytesView(packed_).substr(begin, packed_ends_[i] - begin));
    begin = packed_ends_[i];
  }
}

void GroupKeyCodec::hash_all() {
  hashes_.resize(keys_.size());
  for (size_t i = 0; i < keys_.size(); ++i) hashes_[i] = keys_[i].hash();
}

void GroupKeyCodec::decode(const GroupKey& key, std::span<const std::shared_ptr<Column>> out, uint32_t row) const {
  if (shape_ == Shape::kNone) return;
  if (shape_ == Shape::kPacked) {
    BytesView in = key.bytes();
    for (size_t c = 0; c < physical_.size(); ++c) unpack(in, *out[c], physical_[c], row);
    return;
  }
  Column& column = *out[0];
  if (key.is_null()) return column.set_null(row);
  switch (physical_[0]) {
    case Physical::kBool:
      column.bools()[row] = key.low != 0;
      return;
    case Physical::kInt64:
      column.ints()[row] = static_cast<int64_t>(key.low);
      return;
    case Physical::kDouble:
      column.doubles()[row] = std::bit_cast<double>(key.low);
      return;
    default:
      return column.set_bytes(row, key.bytes());
  }
}

void GroupKeyCodec::append(const GroupKey& key, Bytes& out) {
  out.push_back(key.is_null() ? 0 : 1);
  out.append(key.bytes());
}

GroupKey GroupKeyCodec::parse(BytesView record) {
  CHECK(!record.empty());
  return record[0] == 0 ? GroupKey::null() : GroupKey::of(record.substr(1));
}

}  // namespace leat
