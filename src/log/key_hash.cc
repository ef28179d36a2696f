#include "log/key_hash.h"

#include <bit>
#include <cstring>

namespace leat {
namespace {

struct Sip {
  uint64_t v0, v1, v2, v3;

  void round() {
    v0 += v1;
    v1 = std::rotl(v1, 13) ^ v0;
    v0 = std::rotl(v0, 32);
    v2 += v3;
    v3 = std::rotl(v3, 16) ^ v2;
    v0 += v3;
    v3 = std::rotl(v3, 21) ^ v0;
    v2 += v1;
    v1 = std::rotl(v1, 17) ^ v2;
    v2 = std::rotl(v2, 32);
  }
  void take(uint64_t word) {
    v3 ^= word;
    round();
    round();
    v0 ^= word;
  }
  uint64_t finish(uint64_t tweak) {
    tweak == 0xee ? v2 ^= tweak : v1 ^= tweak;
    for (int i = 0; i < 4; ++i) round();
    return v0 ^ v1 ^ v2 ^ v3;
  }
};

// Little-endian, as the machine is.
uint64_t load_word(const char* from, size_t bytes) {
  uint64_t out = 0;
  std::memcpy(&out, from, bytes);
  return out;
}

}  // namespace

KeyHash hash_key(BytesView key, const std::array<uint64_t, 2>& secret) {
  Sip sip{secret[0] ^ 0x736f6d6570736575, secret[1] ^ 0x646f72616e646f6d ^ 0xee, secret[0] ^ 0x6c7967656e657261,
          secret[1] ^ 0x7465646279746573};
  size_t whole = key.size() / 8 * 8;
  for (size_t i = 0; i < whole; i += 8) sip.take(load_word(key.data() + i, 8));
  sip.take(load_word(key.data() + whole, key.size() - whole) | static_cast<uint64_t>(key.size()) << 56);
  uint64_t first = sip.finish(0xee);
  return {first, sip.finish(0xdd)};
}

}  // namespace leat
