#include "protocol/uuid.h"

namespace leat {

std::string to_string(const Uuid& id) {
  static constexpr char kDigits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
  std::string out;
  uint32_t bits = 0;
  int count = 0;
  for (uint8_t byte : id.bytes) {
    bits = bits << 8 | byte;
    for (count += 8; count >= 6; count -= 6) out += kDigits[bits >> (count - 6) & 63];
  }
  out += kDigits[bits << (6 - count) & 63];
  return out;
}

}  // namespace leat
