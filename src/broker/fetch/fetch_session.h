#pragma once
// FetchSession: the partitions that a client fetches from again and again, so that it need not name them each time, and
// is told only of those where something changed (KIP-227).
#include <list>
#include <map>

#include "base/types.h"
#include "protocol/fetch.h"

namespace leat {

class FetchSession {
 public:
  using Request = protocol::FetchRequest;
  using Response = protocol::FetchResponse;

  // Of a client that names topics by id, or by name.
  explicit FetchSession(bool by_id) : by_id_(by_id) {}
  FetchSession(FetchSession&&) = default;

  bool by_id() const { return by_id_; }
  size_t size() const { return items_.size(); }
  // Takes the partitions that the request names, and lets go those that it gives up.
  void update(const Request&);
  // Puts all of the session's partitions into the request, instead of those that it names.
  void put_into(Request&) const;
  // Takes notice of what the client is told. `only_changes`: takes out of the response what it knows already.
  void note(Response&, bool only_changes);

 private:
  using Key = std::pair<std::string, int32_t>;
  struct Item {
    std::string topic;
    Uuid topic_id;
    Request::Topic::Partition asked;
    int64_t high_watermark = -1, log_start = -1;  // As the client was told.
  };
  Key key_of(const std::string& topic, const Uuid& id, int32_t partition) const;
  bool note(const Key&, const Response::Response::Partition&);

  bool by_id_;
  std::list<Item> items_;  // Those that were given records move to the end: the others come first the next time.
  std::map<Key, std::list<Item>::iterator> places_;
};

}  // namespace leat
