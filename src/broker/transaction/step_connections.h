#pragma once
// StepConnections: over which connections the steps of a transactional id's transactions came.
//
// Before KIP-890 all transactions of a producer have one epoch. So when a client's connection hangs, and it reconnects,
// ends its transaction and begins the next, an EndTxn that was still under way on the old connection would end the new
// one: half of it is committed (KAFKA-17754; Jepsen's report on Bufstream 0.1.0 calls it a torn transaction). A
// connection over which steps of an earlier transaction came, and none of the running one, is one that its client has
// left behind.
//
// In memory only: no connection outlives the process.
#include <memory>
#include <vector>

namespace leat {

struct Client;

class StepConnections {
 public:
  // A transaction begins: what was seen before belongs to earlier ones.
  void begin();
  // A step of the running one. Null: none that can hang.
  void add(const std::shared_ptr<Client>&);
  bool is_left_behind(const std::shared_ptr<Client>&) const;

 private:
  using Connections = std::vector<std::weak_ptr<Client>>;  // Those that are closed are forgotten at the next begin().
  Connections running_, earlier_;
};

}  // namespace leat
