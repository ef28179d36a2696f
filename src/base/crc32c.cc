#include "base/crc32c.h"

#include <array>
#include <cstring>

#ifdef __SSE4_2__
#include <nmmintrin.h>
#endif

namespace leat {
namespace {

constexpr uint32_t kPolynomial = 0x82f63b78;  // Bit-reversed.

constexpr std::array<uint32_t, 256> make_table() {
  std::array<uint32_t, 256> table{};
  for (uint32_t byte = 0; byte < 256; ++byte) {
    uint32_t crc = byte;
    for (int bit = 0; bit < 8; ++bit) crc = (crc >> 1) ^ ((crc & 1) != 0 ? kPolynomial : 0);
    table[byte] = crc;
  }
  return table;
}

constexpr auto kTable = make_table();

}  // namespace

uint32_t crc32c_by_table(BytesView bytes, uint32_t before) {
  uint32_t crc = ~before;
  for (char byte : bytes) crc = (crc >> 8) ^ kTable[(crc ^ static_cast<uint8_t>(byte)) & 0xff];
  return ~crc;
}

#ifdef __SSE4_2__
namespace {

// The instruction takes three cycles, and three of them can be under way at once: so three lanes of the bytes are gone
// through side by side, and what comes out is put together (Gopal and others, "Fast CRC Computation for iSCSI
// Polynomial Using CRC32 Instruction", Intel 2011).
constexpr size_t kLaneBytes = 1024;

// What a checksum becomes when a lane of zeros follows, by each of its bytes.
using LaneShift = std::array<std::array<uint32_t, 256>, 4>;
constexpr LaneShift make_lane_shift() {
  LaneShift shift{};
  for (size_t place = 0; place < 4; ++place) {
    for (uint32_t bit = 1; bit < 256; bit <<= 1) {
      uint32_t crc = bit << (8 * place);
      for (size_t i = 0; i < kLaneBytes; ++i) crc = (crc >> 8) ^ kTable[crc & 0xff];
      for (uint32_t low = 0; low < bit; ++low) shift[place][bit | low] = crc ^ shift[place][low];  // It is linear.
    }
  }
  return shift;
}
constexpr LaneShift kLaneShift = make_lane_shift();

uint32_t shifted(uint64_t crc) {
  return kLaneShift[0][crc & 0xff] ^ kLaneShift[1][(crc >> 8) & 0xff] ^ kLaneShift[2][(crc >> 16) & 0xff] ^
         kLaneShift[3][(crc >> 24) & 0xff];
}

uint64_t word_at(const char* at) {
  uint64_t word = 0;
  std::memcpy(&word, at, sizeof word);
  return word;
}

}  // namespace

uint32_t crc32c(BytesView bytes, uint32_t before) {
  uint64_t crc = static_cast<uint32_t>(~before);
  const char* at = bytes.data();
  const char* end = at + bytes.size();
  for (; static_cast<size_t>(end - at) >= 3 * kLaneBytes; at += 3 * kLaneBytes) {
    uint64_t second = 0, third = 0;
    for (const char* word = at; word < at + kLaneBytes; word += sizeof(uint64_t)) {
      crc = _mm_crc32_u64(crc, word_at(word));
      second = _mm_crc32_u64(second, word_at(word + kLaneBytes));
      third = _mm_crc32_u64(third, word_at(word + 2 * kLaneBytes));
    }
    crc = shifted(shifted(crc) ^ second) ^ third;
  }
  for (; end - at >= 8; at += 8) crc = _mm_crc32_u64(crc, word_at(at));
  auto rest = static_cast<uint32_t>(crc);
  for (; at < end; ++at) rest = _mm_crc32_u8(rest, static_cast<uint8_t>(*at));
  return ~rest;
}
#else
uint32_t crc32c(BytesView bytes, uint32_t before) {
  return crc32c_by_table(bytes, before);
}
#endif

}  // namespace leat
