#include "stream/row_identity.h"

#include <bit>
#include <cstring>

namespace leat {
namespace {

// FNV-1a over words: for telling rows apart, not for tables.
class Hash {
 public:
  void number(uint64_t value) {
    state_ = (state_ ^ value) * 0x100000001b3;
    state_ ^= state_ >> 29;
  }
  void text(BytesView in) {
    number(in.size());
    for (; in.size() >= 8; in.remove_prefix(8)) word(in, 8);
    word(in, in.size());
  }
  uint64_t value() const { return state_; }

 private:
  void word(BytesView in, size_t bytes) {
    uint64_t value = 0;
    std::memcpy(&value, in.data(), bytes);
    number(value);
  }
  uint64_t state_ = 0xcbf29ce484222325;
};

struct HashCell {
  Hash& out;
  void operator()(std::monostate) const {}
  void operator()(bool value) const { out.number(value ? 1 : 0); }
  void operator()(int64_t value) const { out.number(static_cast<uint64_t>(value)); }
  void operator()(double value) const { out.number(std::bit_cast<uint64_t>(value)); }
  void operator()(std::string_view value) const { out.text(value); }
};

uint64_t hash_of(std::span<const RowCell> cells) {
  Hash out;
  for (const RowCell& cell : cells) {
    out.number(cell.index());
    std::visit(HashCell{out}, cell);
  }
  return out.value();
}

}  // namespace

void RowIdentity::begin(const std::string& function, const Batch& batch) {
  Hash scope;
  scope.text(function);
  if (batch.provenance) {
    scope.text(batch.provenance->table);
    scope.number(static_cast<uint64_t>(batch.provenance->partition));
  }
  // A record whose rows go on from the batch before goes on counting.
  if (scope.value() != last_.scope) last_ = {scope.value(), UINT64_MAX, 0};
}

GuardedRow RowIdentity::of(const Batch& batch, uint32_t row, std::span<const RowCell> cells) {
  const Provenance::Row* origin = batch.origin(row);
  if (origin == nullptr) {
    last_ = {last_.scope, hash_of(cells), 0};
    return last_;
  }
  last_.ordinal = origin->position == last_.row ? last_.ordinal + 1 : 0;
  last_.row = origin->position;
  return last_;
}

}  // namespace leat
