#include "dlq/letter_id.h"

#include <cstring>

namespace leat {
namespace {

__extension__ typedef unsigned __int128 Product;

// A keyed multiply-and-fold hash over eight bytes at a time; letters can be as large as 50 MB.
class Hash {
 public:
  explicit Hash(uint64_t seed) : state_(seed) {}

  void number(uint64_t value) {
    Product product = static_cast<Product>(state_ ^ value) * 0x9E3779B97F4A7C15u;
    state_ = static_cast<uint64_t>(product) ^ static_cast<uint64_t>(product >> 64) ^ (value << 1);
  }
  void text(BytesView in) {
    number(in.size());
    for (; in.size() >= 8; in.remove_prefix(8)) {
      uint64_t word;
      std::memcpy(&word, in.data(), 8);
      number(word);
    }
    uint64_t rest = 0;
    std::memcpy(&rest, in.data(), in.size());
    number(rest);
  }
  uint64_t value() {
    number(0xD6E8FEB86659FD93u);
    return state_;
  }

 private:
  uint64_t state_;
};

uint64_t hash(const DeadLetter& letter, const std::string& job, uint64_t seed) {
  Hash out(seed);
  out.text(job);
  out.text(letter.table);
  out.number(static_cast<uint64_t>(letter.partition));
  out.number(letter.position);
  out.text(letter.op);
  out.text(letter.payload);
  if (letter.late) {  // A row that was copied into its windows may be late for several of them.
    for (const auto& [start, end] : letter.late->windows) {
      out.number(static_cast<uint64_t>(start.value));
      out.number(static_cast<uint64_t>(end.value));
    }
  }
  return out.value();
}

void append_hex(std::string& out, uint64_t value) {
  for (int shift = 60; shift >= 0; shift -= 4) out.push_back("0123456789abcdef"[(value >> shift) & 15]);
}

}  // namespace

std::string letter_id(const DeadLetter& letter, const std::string& job) {
  std::string out;
  append_hex(out, hash(letter, job, 0x1F83D9ABFB41BD6Bu));
  append_hex(out, hash(letter, job, 0x5BE0CD19137E2179u));
  return out;
}

}  // namespace leat
