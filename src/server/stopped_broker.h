#pragma once
// StoppedBroker: the state of a broker that does not run, for who has to change it before the first start.
#include "broker/state/broker_state.h"
#include "env/posix.h"
#include "fold/durable.h"
#include "server/arguments.h"

namespace leat {

class StoppedBroker {
 public:
  // In --data; it is made if it is not there. kConflict: a broker runs there.
  static Result<std::unique_ptr<StoppedBroker>> open(const Arguments&);

  Env env() { return env_.env(); }
  const BrokerState& state() const { return durable_->machine(); }
  Status record(std::vector<BrokerEvent> events);

 private:
  PosixEnv env_;
  std::unique_ptr<void, void (*)(void*)> lock_{nullptr, nullptr};
  std::unique_ptr<Durable<BrokerState>> durable_;
};

}  // namespace leat
