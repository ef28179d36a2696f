#include "stream/group_table.h"

#include <algorithm>
#include <array>

namespace leat {
namespace {

constexpr uint64_t kFirstSlots = 8;
constexpr size_t kLookahead = 64;

// Linear probing wants room: at most 5 of 8 slots are taken.
constexpr bool too_full(size_t groups, uint64_t slots) {
  return groups * 8 > slots * 5;
}

}  // namespace

GroupTable::GroupTable(const GroupLayout& layout)
    : layout_(layout),
      blocks_(sizeof(Group) + layout.prototype.size()),
      slots_(allocate_zeroed(kFirstSlots * sizeof(uint64_t))),
      mask_(kFirstSlots - 1) {}

GroupTable::~GroupTable() {
  if (layout_.trivial) return;
  for_each([this](Group& group) { layout_.destroy(group.states()); });
}

void GroupTable::locate(std::span<GroupTable* const> tables, std::span<const uint32_t> rows, const GroupKeyCodec& codec,
                        std::span<char*> states) {
  auto keys = codec.keys();
  auto hashes = codec.hashes();
  std::array<Group*, kLookahead> candidates;
  for (size_t begin = 0; begin < rows.size(); begin += kLookahead) {
    size_t count = std::min(kLookahead, rows.size() - begin);
    for (size_t i = 0; i < count; ++i) {
      const GroupTable& table = *tables[begin + i];
      __builtin_prefetch(table.slots() + (hashes[rows[begin + i]] & table.mask_));
    }
    for (size_t i = 0; i < count; ++i) {
      candidates[i] = tables[begin + i]->candidate(hashes[rows[begin + i]]);
      __builtin_prefetch(candidates[i]);
    }
    for (size_t i = 0; i < count; ++i) {
      GroupTable& table = *tables[begin + i];
      uint32_t row = rows[begin + i];
      Group* group = candidates[i];
      if (group == nullptr || !group->key.equals(keys[row])) group = table.find_or_add(keys[row], hashes[row]);
      table.touch(group);
      states[begin + i] = group->states();
    }
  }
}

void GroupTable::locate_all(const GroupKeyCodec& codec, std::vector<Group*>& groups) {
  auto keys = codec.keys();
  auto hashes = codec.hashes();
  groups.resize(keys.size());
  for (size_t begin = 0; begin < keys.size(); begin += kLookahead) {
    size_t end = std::min(keys.size(), begin + kLookahead);
    for (size_t i = begin; i < end; ++i) prefetch(hashes[i]);
    for (size_t i = begin; i < end; ++i) {
      groups[i] = candidate(hashes[i]);
      __builtin_prefetch(groups[i]);
    }
    for (size_t i = begin; i < end; ++i) {
      if (groups[i] == nullptr || !groups[i]->key.equals(keys[i])) groups[i] = find_or_add(keys[i], hashes[i]);
    }
  }
}

void GroupTable::warm(const GroupKeyCodec& codec, uint32_t begin, uint32_t end) const {
  auto hashes = codec.hashes();
  for (uint32_t i = begin; i < end; ++i) prefetch(hashes[i]);
  for (uint32_t i = begin; i < end; ++i) __builtin_prefetch(candidate(hashes[i]));
}

Group* GroupTable::find(const GroupKey& key, uint64_t hash) const {
  for (uint64_t at = hash & mask_;; at = (at + 1) & mask_) {
    uint64_t slot = slots()[at];
    if (slot == 0) return nullptr;
    auto* group = reinterpret_cast<Group*>(slot & kAddress);
    if (slot >> kTagShift == hash >> kTagShift && group->key.equals(key)) return group;
  }
}

Group* GroupTable::find_or_add(const GroupKey& key, uint64_t hash, bool* added) {
  Group* group = find(key, hash);
  if (added != nullptr) *added = group == nullptr;
  return group != nullptr ? group : add(key, hash);
}

Group* GroupTable::add(const GroupKey& key, uint64_t hash) {
  if (too_full(size_ + 1, mask_ + 1)) grow();
  auto* group = reinterpret_cast<Group*>(blocks_.allocate());
  group->key = key;
  group->unmark(GroupKey::kMarks);
  if (key.is_long()) {
    if (!long_keys_) long_keys_ = std::make_unique<KeyStore>();
    group->key.low = reinterpret_cast<uint64_t>(long_keys_->keep(key.bytes()));
  }
  std::memcpy(group->states(), layout_.prototype.data(), layout_.prototype.size());
  put(group, hash);
  ++size_;
  return group;
}

void GroupTable::put(Group* group, uint64_t hash) {
  auto address = reinterpret_cast<uint64_t>(group);
  CHECK((address & ~kAddress) == 0);
  uint64_t at = hash & mask_;
  while (slots()[at] != 0) at = (at + 1) & mask_;
  slots()[at] = address | hash >> kTagShift << kTagShift;
}

// The blocks are read in order and only the slots at random: the hashes are computed again, which costs less than
// keeping them.
void GroupTable::grow() {
  uint64_t count = (mask_ + 1) * 2;
  slots_ = allocate_zeroed(count * sizeof(uint64_t));
  mask_ = count - 1;
  std::array<std::pair<Group*, uint64_t>, kLookahead> ahead;
  size_t waiting = 0;
  auto flush = [&] {
    for (size_t i = 0; i < waiting; ++i) put(ahead[i].first, ahead[i].second);
    waiting = 0;
  };
  for_each([&](Group& group) {
    uint64_t hash = group.key.hash();
    __builtin_prefetch(slots() + (hash & mask_), 1);
    ahead[waiting++] = {&group, hash};
    if (waiting == kLookahead) flush();
  });
  flush();
}

void GroupTable::erase(Group* group) {
  auto address = reinterpret_cast<uint64_t>(group);
  uint64_t hole = group->key.hash() & mask_;
  while ((slots()[hole] & kAddress) != address) {
    CHECK(slots()[hole] != 0);
    hole = (hole + 1) & mask_;
  }
  // Close the hole: a later group of the run moves into it unless that would put it before its own place.
  for (uint64_t at = (hole + 1) & mask_; slots()[at] != 0; at = (at + 1) & mask_) {
    uint64_t home = reinterpret_cast<Group*>(slots()[at] & kAddress)->key.hash() & mask_;
    if (((at - home) & mask_) < ((at - hole) & mask_)) continue;
    slots()[hole] = slots()[at];
    hole = at;
  }
  slots()[hole] = 0;
  if (!layout_.trivial) layout_.destroy(group->states());
  if (group->key.is_long()) {
    BytesView bytes = group->key.bytes();
    long_keys_->release(reinterpret_cast<char*>(group->key.low), bytes.size());
  }
  group->key = GroupKey();
  blocks_.release(reinterpret_cast<char*>(group));
  --size_;
}

size_t GroupTable::bytes() const {
  return sizeof(*this) + blocks_.bytes() + (mask_ + 1) * sizeof(uint64_t) + (long_keys_ ? long_keys_->bytes() : 0) +
         dirty_.capacity() * sizeof(Group*);
}

}  // namespace leat
