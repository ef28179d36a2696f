#pragma once
// GroupTable: the groups of one window (or of everything), each a key and the states of its aggregates in one block.
//
// Open addressing with linear probing over words that hold a block's address and 16 bits of the hash. Rows are looked
// up 64 at a time in three passes (prefetch the slot, find the candidate and prefetch its block, compare), so that
// cache misses overlap. Blocks never move; groups are visited in the order in which they were first seen. A table of a
// few groups takes some hundred bytes, because with a long delay many windows are open.
#include <span>
#include <vector>

#include "stream/block_pool.h"
#include "stream/group_key.h"
#include "stream/key_store.h"

namespace leat {

// What a table has to know of the states in its blocks.
class GroupLayout {
 public:
  virtual ~GroupLayout() = default;
  virtual void destroy(char* states) const { (void)states; }

  Bytes prototype;      // The states of a new group; its size is that of all states.
  bool trivial = true;  // destroy() has nothing to do.
};

struct Group {
  static constexpr uint64_t kDirty = uint64_t{1} << 48;   // Changed since take_dirty().
  static constexpr uint64_t kStored = uint64_t{1} << 49;  // The owner's: a checkpoint has it.

  GroupKey key;

  char* states() { return reinterpret_cast<char*>(this + 1); }
  const char* states() const { return reinterpret_cast<const char*>(this + 1); }
  static Group* of(char* states) { return reinterpret_cast<Group*>(states) - 1; }
  bool marked(uint64_t mark) const { return (key.high & mark) != 0; }
  void mark(uint64_t marks) { key.high |= marks; }
  void unmark(uint64_t marks) { key.high &= ~marks; }
};

class GroupTable {
 public:
  explicit GroupTable(const GroupLayout& layout);  // Which outlives the table.
  ~GroupTable();
  GroupTable(const GroupTable&) = delete;
  GroupTable& operator=(const GroupTable&) = delete;

  size_t size() const { return size_; }

  // states[i]: those of the group keys[rows[i]] in tables[i]; made if absent, and marked dirty.
  static void locate(std::span<GroupTable* const> tables, std::span<const uint32_t> rows, const GroupKeyCodec&,
                     std::span<char*> states);
  // groups[i]: the one of key i, made if absent, not marked.
  void locate_all(const GroupKeyCodec&, std::vector<Group*>& groups);

  Group* find(const GroupKey&, uint64_t hash) const;
  Group* find_or_add(const GroupKey&, uint64_t hash, bool* added = nullptr);  // Not marked.
  void erase(Group*);
  // Brings the slots and groups of rows [begin, end) near.
  void warm(const GroupKeyCodec&, uint32_t begin, uint32_t end) const;
  void prefetch(uint64_t hash) const { __builtin_prefetch(slots() + (hash & mask_)); }
  void touch(Group* group) {
    if (group->marked(Group::kDirty)) return;
    group->mark(Group::kDirty);
    dirty_.push_back(group);
  }

  // Visits the groups touched since the last call, in the order of their first touch, and forgets them.
  template <class Visit>
  void take_dirty(Visit visit) {
    constexpr size_t kAhead = 16;
    for (size_t i = 0; i < dirty_.size(); ++i) {
      if (i + kAhead < dirty_.size()) __builtin_prefetch(dirty_[i + kAhead], 1);
      Group* group = dirty_[i];
      if (!group->marked(Group::kDirty)) continue;  // Erased since, or there twice because its block was used again.
      group->unmark(Group::kDirty);
      visit(*group);
    }
    dirty_.clear();
  }
  bool has_dirty() const { return !dirty_.empty(); }
  template <class Visit>
  void for_each(Visit visit) const {
    blocks_.for_each([&](char* block) {
      auto* group = reinterpret_cast<Group*>(block);
      if (group->key.tag() != GroupKey::kFree) visit(*group);
    });
  }

  size_t bytes() const;

 private:
  static constexpr int kTagShift = 48;
  static constexpr uint64_t kAddress = (uint64_t{1} << kTagShift) - 1;

  uint64_t* slots() const { return reinterpret_cast<uint64_t*>(slots_.get()); }
  Group* candidate(uint64_t hash) const {
    for (uint64_t at = hash & mask_;; at = (at + 1) & mask_) {
      uint64_t slot = slots()[at];
      if (slot == 0) return nullptr;
      if (slot >> kTagShift == hash >> kTagShift) return reinterpret_cast<Group*>(slot & kAddress);
    }
  }
  void put(Group*, uint64_t hash);
  Group* add(const GroupKey&, uint64_t hash);
  void grow();

  const GroupLayout& layout_;
  BlockPool blocks_;
  Memory slots_;
  uint64_t mask_;
  size_t size_ = 0;
  std::unique_ptr<KeyStore> long_keys_;
  std::vector<Group*> dirty_;
};

}  // namespace leat
