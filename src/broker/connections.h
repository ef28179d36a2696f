#pragma once
// Connections: those that are open. It makes the handler of each that comes, and holds their number and their idleness
// to connections.max.idle.ms, max.connections, max.connections.per.ip and its overrides.
//
// As in Kafka a connection beyond what its address may have is closed, and one beyond max.connections waits until
// another one ends: nothing is read from it. At most kWaitingMax wait, as many as a listen queue of Kafka has; more are
// closed. Those that come faster than max.connection.creation.rate, or than the quota of their address, are not read
// from until it is their turn. A connection with a request that is not answered yet is not idle, however long that
// takes.
#include <deque>
#include <map>
#include <memory>

#include "broker/kafka_connection.h"

namespace leat {

class Connections {
 public:
  static constexpr size_t kWaitingMax = 50;

  // Both outlive it. Connections may outlive it that nothing happens to any more.
  Connections(Service& service, Broker& broker);

  // The handler of a connection that has come: a Loop's Accept.
  std::shared_ptr<ConnectionHandler> accept(std::shared_ptr<Connection>);

 private:
  void on_closed(uint64_t number, const std::string& host);
  bool host_is_full(const std::string& host) const;
  bool is_full() const;
  void let_in();
  void look_later();
  void end_idle();

  Service& service_;
  Broker& broker_;
  std::shared_ptr<Connections*> self_;  // What a connection that ends later finds gone.
  uint64_t last_number_ = 0;
  std::map<uint64_t, std::weak_ptr<KafkaConnection>> open_;  // By number; those that wait are among them.
  std::map<std::string, int64_t> of_host_;                   // How many of them an address has.
  std::deque<uint64_t> waiting_;                             // The one that waits for longest first.
  std::unique_ptr<Loop::Timer> idle_timer_;
};

}  // namespace leat
