#pragma once
// GroupKey: the key of a group as two words, and the codec between columns and keys.
//
// A key is a string of bytes. Up to kInlineMax of them live in the words themselves, so that comparing and hashing most
// keys touches no other memory; longer ones are a pointer and a length. Equal values have equal keys.
#include <cstring>
#include <span>
#include <vector>

#include "columnar/batch.h"

namespace leat {

struct GroupKey {
  static constexpr size_t kInlineMax = 14;

  // Inline: bytes 0..7 in `low`, 8..13 in the lower 48 bits of `high`, zero-padded. Long: `low` is the address, the
  // lower 32 bits of `high` are the length. Bits 48..55 are the owner's marks and belong to no key; the top byte is the
  // inline length, or one of these:
  static constexpr uint8_t kLong = 0xFF, kNull = 0xFE, kFree = 0xFD;
  static constexpr uint64_t kMarks = uint64_t{0xFF} << 48;

  uint64_t low = 0, high = uint64_t{kFree} << 56;

  static GroupKey null() { return {0, uint64_t{kNull} << 56}; }
  static GroupKey word(uint64_t value) { return {value, uint64_t{8} << 56}; }
  // A long key points to the bytes given.
  static GroupKey of(BytesView bytes);

  uint8_t tag() const { return static_cast<uint8_t>(high >> 56); }
  bool is_long() const { return tag() == kLong; }
  bool is_null() const { return tag() == kNull; }
  // Points into this key if it is inline.
  BytesView bytes() const {
    if (is_long()) return {reinterpret_cast<const char*>(low), static_cast<uint32_t>(high)};
    return {reinterpret_cast<const char*>(this), is_null() ? size_t{0} : tag()};
  }
  bool equals(const GroupKey& other) const {
    if (((high ^ other.high) & ~kMarks) != 0) return false;
    return low == other.low ||
           (is_long() && std::memcmp(reinterpret_cast<const void*>(low), reinterpret_cast<const void*>(other.low),
                                     static_cast<uint32_t>(high)) == 0);
  }
  uint64_t hash() const;
};

// Reads keys of the chosen columns out of batches, and writes them back into columns.
class GroupKeyCodec {
 public:
  GroupKeyCodec(std::vector<uint32_t> columns, const Schema& input);

  size_t columns() const { return columns_.size(); }
  // One key and hash a row of the batch. Long keys point into the batch or into this codec: they are good until the
  // next encode().
  void encode(const Batch&);
  std::span<const GroupKey> keys() const { return keys_; }
  std::span<const uint64_t> hashes() const { return hashes_; }

  // Writes the key's values into row `row` of out[0..columns()); bytes are copied.
  void decode(const GroupKey&, std::span<const std::shared_ptr<Column>> out, uint32_t row) const;

  // As part of a state record's key; takes the rest of it.
  static void append(const GroupKey&, Bytes& out);
  static GroupKey parse(BytesView);

 private:
  enum class Shape : uint8_t { kNone, kWord, kBytes, kPacked };
  void encode_words(const Column&);
  void encode_bytes(const Column&);
  void encode_packed(const Batch&);
  void hash_all();

  std::vector<uint32_t> columns_;
  std::vector<Physical> physical_;
  Shape shape_;
  std::vector<GroupKey> keys_;
  std::vector<uint64_t> hashes_;
  Bytes packed_;
  std::vector<size_t> packed_ends_;
};

}  // namespace leat
