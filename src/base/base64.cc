#include "base/base64.h"

#include <algorithm>
#include <array>

namespace leat {
namespace {

constexpr char kDigits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

constexpr std::array<int8_t, 256> make_values() {
  std::array<int8_t, 256> out{};
  for (auto& value : out) value = -1;
  for (int i = 0; i < 64; ++i) out[static_cast<unsigned char>(kDigits[i])] = static_cast<int8_t>(i);
  return out;
}
constexpr auto kValues = make_values();

uint32_t byte_at(BytesView bytes, size_t i) {
  return i < bytes.size() ? static_cast<unsigned char>(bytes[i]) : 0;
}

// False, and nothing appended, if it is not four characters of base 64.
bool append_group(BytesView group, Bytes& out) {
  if (group.size() != 4) return false;
  size_t padding = group[3] != '=' ? 0 : group[2] != '=' ? 1 : 2;
  uint32_t bits = 0;
  for (size_t i = 0; i < 4; ++i) {
    int8_t value = i + padding < 4 ? kValues[static_cast<unsigned char>(group[i])] : int8_t{0};
    if (value < 0) return false;
    bits = bits << 6 | static_cast<uint32_t>(value);
  }
  for (size_t i = 0; i + padding < 3; ++i) out += static_cast<char>(bits >> (16 - 8 * i) & 0xff);
  return true;
}

}  // namespace

void append_base64(BytesView bytes, Bytes& out) {
  for (; !bytes.empty(); bytes.remove_prefix(std::min<size_t>(3, bytes.size()))) {
    uint32_t group = byte_at(bytes, 0) << 16 | byte_at(bytes, 1) << 8 | byte_at(bytes, 2);
    out += kDigits[group >> 18];
    out += kDigits[group >> 12 & 63];
    out += bytes.size() > 1 ? kDigits[group >> 6 & 63] : '=';
    out += bytes.size() > 2 ? kDigits[group & 63] : '=';
  }
}

Bytes to_base64(BytesView bytes) {
  Bytes out;
  out.reserve((bytes.size() + 2) / 3 * 4);
  append_base64(bytes, out);
  return out;
}

std::optional<Bytes> from_base64(BytesView text) {
  Bytes out;
  out.reserve(text.size() / 4 * 3);
  for (; !text.empty(); text.remove_prefix(4)) {
    bool last = text.size() == 4;
    if (!append_group(text.substr(0, 4), out) || (text[3] == '=' && !last)) return std::nullopt;
  }
  return out;
}

std::optional<Bytes> from_spaced_base64(BytesView text) {
  Bytes out;
  while (true) {
    while (!text.empty() && static_cast<unsigned char>(text[0]) <= ' ') text.remove_prefix(1);
    if (text.empty()) return out;
    if (!append_group(text.substr(0, 4), out)) return std::nullopt;
    text.remove_prefix(4);
  }
}

}  // namespace leat
