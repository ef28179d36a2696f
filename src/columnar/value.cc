#include "columnar/value.h"

#include <cmath>
#include <cstring>
#include <limits>

namespace leat {
namespace {

constexpr char kAbsent = 0;
constexpr char kPresent = 1;

template <class T>
void append_fixed(Bytes& out, T value) {
  char buffer[1 + sizeof(T)];
  buffer[0] = kPresent;
  std::memcpy(buffer + 1, &value, sizeof(T));
  out.append(buffer, sizeof(buffer));
}

template <class T>
T take_fixed(BytesView& in) {
  CHECK(in.size() >= sizeof(T));
  T value;
  std::memcpy(&value, in.data(), sizeof(T));
  in.remove_prefix(sizeof(T));
  return value;
}

}  // namespace

void ValueWriter::null() {
  out_.push_back(kAbsent);
}
void ValueWriter::boolean(bool value) {
  append_fixed<uint8_t>(out_, value);
}
void ValueWriter::int64(int64_t value) {
  append_fixed(out_, value);
}
void ValueWriter::decimal(Int128 value) {
  append_fixed(out_, value);
}

void ValueWriter::float64(double value) {
  if (value == 0) value = 0;  // -0.0 groups with 0.0.
  if (std::isnan(value)) value = std::numeric_limits<double>::quiet_NaN();
  append_fixed(out_, value);
}

void ValueWriter::bytes(BytesView value) {
  char head[6];
  size_t size = 0;
  head[size++] = kPresent;
  CHECK(value.size() <= std::numeric_limits<uint32_t>::max());
  auto length = static_cast<uint32_t>(value.size());
  while (length >= 0x80) {
    head[size++] = static_cast<char>(length | 0x80);
    length >>= 7;
  }
  head[size++] = static_cast<char>(length);
  out_.append(head, size);
  out_.append(value);
}

void ValueWriter::value(const Value& value) {
  switch (value.data.index()) {
    case 0:
      return null();
    case 1:
      return boolean(*std::get_if<bool>(&value.data));
    case 2:
      return int64(*std::get_if<int64_t>(&value.data));
    case 3:
      return float64(*std::get_if<double>(&value.data));
    case 4:
      return decimal(*std::get_if<Int128>(&value.data));
    default:
      return bytes(*std::get_if<std::string>(&value.data));
  }
}

bool ValueReader::present() {
  CHECK(!in_.empty());
  const char mark = in_.front();
  CHECK(mark == kAbsent || mark == kPresent);
  in_.remove_prefix(1);
  return mark == kPresent;
}

bool ValueReader::boolean() {
  return take_fixed<uint8_t>(in_) != 0;
}
int64_t ValueReader::int64() {
  return take_fixed<int64_t>(in_);
}
double ValueReader::float64() {
  return take_fixed<double>(in_);
}
Int128 ValueReader::decimal() {
  return take_fixed<Int128>(in_);
}

BytesView ValueReader::bytes() {
  size_t length = 0;
  for (int shift = 0;; shift += 7) {
    CHECK(!in_.empty() && shift < 35);
    const auto byte = static_cast<uint8_t>(in_.front());
    in_.remove_prefix(1);
    length |= static_cast<size_t>(byte & 0x7f) << shift;
    if (byte < 0x80) break;
  }
  CHECK(in_.size() >= length);
  const BytesView value = in_.substr(0, length);
  in_.remove_prefix(length);
  return value;
}

Value ValueReader::value(Physical physical) {
  if (!present()) return {};
  switch (physical) {
    case Physical::kBool:
      return {boolean()};
    case Physical::kInt64:
      return {int64()};
    case Physical::kDouble:
      return {float64()};
    case Physical::kDecimal:
      return {decimal()};
    case Physical::kBytes:
      return {Bytes(bytes())};
  }
  return {};
}

void ValueReader::skip(Physical physical) {
  if (!present()) return;
  switch (physical) {
    case Physical::kBool:
      boolean();
      return;
    case Physical::kInt64:
      int64();
      return;
    case Physical::kDouble:
      float64();
      return;
    case Physical::kDecimal:
      decimal();
      return;
    case Physical::kBytes:
      bytes();
      return;
  }
}

Bytes encode_values(const std::vector<Value>& values) {
  Bytes out;
  ValueWriter writer(out);
  for (const Value& value : values) writer.value(value);
  return out;
}

}  // namespace leat
