#include "protocol/encoder.h"

namespace leat {

void Encoder::unsigned_varint(uint64_t value) {
  for (; value >= 0x80; value >>= 7) out_.push_back(static_cast<char>(value | 0x80));
  out_.push_back(static_cast<char>(value));
}

void Encoder::length(uint64_t size, bool wide) {
  if (flexible_) return unsigned_varint(size + 1);
  if (wide) {
    put_big(out_, static_cast<int32_t>(size));
  } else {
    put_big(out_, static_cast<int16_t>(size));
  }
}

void Encoder::null(bool wide) {
  if (flexible_) return unsigned_varint(0);
  if (wide) {
    put_big(out_, int32_t{-1});
  } else {
    put_big(out_, int16_t{-1});
  }
}

void Encoder::operator()(const std::string& value) {
  length(value.size(), false);
  out_ += value;
}

void Encoder::operator()(const BytesView& value) {
  length(value.size(), true);
  out_ += value;
}

void Encoder::operator()(const Records& value) {
  length(value.size(), true);
  out_ += value.bytes;
  if (value.file.size > 0) splices_.push_back({out_.size(), value.file});
}

}  // namespace leat
