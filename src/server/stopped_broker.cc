#include "server/stopped_broker.h"

#include "server/home.h"

namespace leat {

Result<std::unique_ptr<StoppedBroker>> StoppedBroker::open(const Arguments& arguments) {
  auto out = std::make_unique<StoppedBroker>();
  std::string directory = data_directory(arguments) + "/broker";
  TRY(out->env().files.create_directories(directory));
  auto lock = out->env().files.lock(directory + "/lock");
  if (!lock) {
    return Error{lock.error().code, lock.error().message + "; while it runs, ask it: --bootstrap instead of --data"};
  }
  out->lock_ = std::move(*lock);
  TRY_ASSIGN(out->durable_, Durable<BrokerState>::open(out->env(), directory + "/state", {}));
  return out;
}

Status StoppedBroker::record(std::vector<BrokerEvent> events) {
  TRY_ASSIGN(Status recorded, durable_->run([&events](const BrokerState&, WallTime) {
    return Decision<BrokerEvent, Status>{events, {}};
  }));
  return recorded;
}

}  // namespace leat
