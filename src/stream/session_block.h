#pragma once
// SessionPool: sessions as blocks of one size, each a header and the states of its aggregates.
#include "stream/aggregate_set.h"
#include "stream/block_pool.h"

namespace leat {

struct Session {
  int64_t start_ms;
  int64_t end_ms;  // Of its window; while it waits for the watermark (a maximum length): of its last row.
  uint64_t
      number;    // The arrival number of its first row: unique, and the order of sessions that end together. 0: free.
  Group* group;  // Its key.
  bool dirty = false, stored = false;
  bool waiting = false;  // For the watermark, see session_capped.cc.

  char* states() { return reinterpret_cast<char*>(this + 1); }
};

class SessionPool {
 public:
  explicit SessionPool(const AggregateSet& aggregates)
      : aggregates_(aggregates), blocks_(sizeof(Session) + aggregates.prototype.size()) {}
  ~SessionPool();
  SessionPool(const SessionPool&) = delete;
  SessionPool& operator=(const SessionPool&) = delete;

  Session* make(Group* group, int64_t start_ms, int64_t end_ms, uint64_t number);
  void release(Session*);

  void touch(Session* session) {
    if (session->dirty) return;
    session->dirty = true;
    dirty_.push_back(session);
  }
  // Visits the sessions touched since the last call and forgets them.
  template <class Visit>
  void take_dirty(Visit visit) {
    for (Session* session : dirty_) {
      if (session->number == 0 || !session->dirty) continue;  // Released since, or there twice.
      session->dirty = false;
      visit(*session);
    }
    dirty_.clear();
  }
  template <class Visit>
  void for_each(Visit visit) const {
    blocks_.for_each([&](char* block) {
      auto* session = reinterpret_cast<Session*>(block);
      if (session->number != 0) visit(*session);
    });
  }
  size_t bytes() const { return blocks_.bytes() + dirty_.capacity() * sizeof(Session*); }

 private:
  const AggregateSet& aggregates_;
  BlockPool blocks_;
  std::vector<Session*> dirty_;
};

}  // namespace leat
