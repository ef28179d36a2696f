#pragma once
// FetchSessions: a bounded number of fetch sessions. When there is no room, one goes that has not been used for two
// minutes, or one that is at least that old and smaller than the new one; else the new one is not made, and its client
// names all of its partitions each time.
#include <functional>
#include <memory>

#include "broker/fetch/fetch_session.h"

namespace leat {

class FetchSessions {
 public:
  // `random`: gives the sessions their numbers.
  FetchSessions(size_t sessions_max, std::function<uint64_t()> random)
      : sessions_max_(sessions_max), random_(std::move(random)) {}

  struct Entry {
    int32_t id = 0;
    int32_t epoch = 0;  // That the next request must have.
    Instant made, used;
    FetchSession session;
  };

  // Null if there is none.
  std::shared_ptr<Entry> find(int32_t id);
  // Null if there is no room for it.
  std::shared_ptr<Entry> add(FetchSession, Instant now);
  // A request came in it: its epoch goes on.
  void touch(Entry&, Instant now);
  void remove(int32_t id) { entries_.erase(id); }
  size_t size() const { return entries_.size(); }

 private:
  bool make_room(size_t size, Instant now);

  size_t sessions_max_;
  std::function<uint64_t()> random_;
  std::map<int32_t, std::shared_ptr<Entry>> entries_;
};

}  // namespace leat
