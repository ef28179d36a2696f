#include "protocol/decoder.h"

#include <algorithm>

namespace leat {

Status Decoder::status() const {
  if (ok()) return {};
  return Error{Errc::kInvalidArgument,
               std::string(error_) + ", at byte " + std::to_string(error_at_) + " of " + std::to_string(size_)};
}

Status Decoder::finish() {
  if (ok() && !in_.empty()) fail("the message ends here, and more follows");
  return status();
}

void Decoder::fail(const char* what) {
  if (!ok()) return;
  error_ = what;
  error_at_ = size_ - in_.size();
  in_ = {};
}

bool Decoder::need(uint64_t bytes) {
  if (bytes <= in_.size()) return true;
  fail("the message is cut off");
  return false;
}

Decoder Decoder::part(uint64_t size) const {
  Decoder out(in_.substr(0, size), flexible_);
  out.budget_ = budget_;
  return out;
}

void Decoder::take_error(const Decoder& part) {
  fail(part.error_);
}

bool Decoder::charge(uint64_t count, uint64_t bytes_each) {
  // Every element takes at least a byte.
  if (count > in_.size() || count * bytes_each > budget_) {
    fail("an array has more elements than the message can hold");
    return false;
  }
  budget_ -= count * bytes_each;
  return true;
}

uint64_t Decoder::unsigned_varint() {
  uint64_t bits = 0;
  for (int shift = 0; shift < 35; shift += 7) {
    if (!need(1)) return 0;
    auto byte = static_cast<uint8_t>(in_.front());
    in_.remove_prefix(1);
    bits |= static_cast<uint64_t>(byte & 0x7f) << shift;
    if (byte < 0x80) return std::min<uint64_t>(bits, 0xffffffff);
  }
  fail("a varint is longer than five bytes");
  return 0;
}

// A compact length is one more than what it says, so that 0 can mean null.
std::optional<uint64_t> Decoder::length(bool wide) {
  if (flexible_) {
    uint64_t size = unsigned_varint();
    return size == 0 ? std::nullopt : std::optional(size - 1);
  }
  int32_t size = 0;
  int16_t narrow = 0;
  if (wide) {
    (*this)(size);
  } else {
    (*this)(narrow);
    size = narrow;
  }
  if (size < -1) fail("a length is negative");
  return size < 0 ? std::nullopt : std::optional(static_cast<uint64_t>(size));
}

std::optional<uint64_t> Decoder::array_count() {
  return length(true);
}

std::optional<BytesView> Decoder::take(std::optional<uint64_t> size) {
  if (!size || !need(*size)) return std::nullopt;
  BytesView out = in_.substr(0, *size);
  in_.remove_prefix(*size);
  return out;
}

void Decoder::operator()(Uuid& out) {
  if (!need(out.bytes.size())) return;
  std::copy_n(reinterpret_cast<const uint8_t*>(in_.data()), out.bytes.size(), out.bytes.begin());
  in_.remove_prefix(out.bytes.size());
}

void Decoder::operator()(std::optional<std::string>& out) {
  auto bytes = take(length(false));
  out = bytes ? std::optional<std::string>(*bytes) : std::nullopt;
}

void Decoder::operator()(std::optional<BytesView>& out) {
  out = take(length(true));
}

void Decoder::operator()(std::optional<Records>& out) {
  auto bytes = take(length(true));
  out = bytes ? std::optional<Records>(Records{*bytes, {}}) : std::nullopt;
}

void Decoder::operator()(std::string& out) {
  std::optional<std::string> some;
  (*this)(some);
  if (!some) return fail("a string is null");
  out = std::move(*some);
}

void Decoder::operator()(BytesView& out) {
  std::optional<BytesView> some;
  (*this)(some);
  if (!some) return fail("bytes are null");
  out = *some;
}

}  // namespace leat
