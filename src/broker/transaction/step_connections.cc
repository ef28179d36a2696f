#include "broker/transaction/step_connections.h"

#include <algorithm>

#include "broker/call.h"

namespace leat {
namespace {

bool holds(const std::vector<std::weak_ptr<Client>>& connections, const std::shared_ptr<Client>& client) {
  return std::ranges::any_of(connections, [&](const auto& each) { return each.lock() == client; });
}

}  // namespace

void StepConnections::begin() {
  earlier_.insert(earlier_.end(), running_.begin(), running_.end());
  running_.clear();
  std::erase_if(earlier_, [](const auto& each) { return each.expired(); });
}

void StepConnections::add(const std::shared_ptr<Client>& client) {
  if (client == nullptr || holds(running_, client)) return;
  running_.push_back(client);
  std::erase_if(earlier_, [&](const auto& each) { return each.lock() == client; });
}

bool StepConnections::is_left_behind(const std::shared_ptr<Client>& client) const {
  return client != nullptr && holds(earlier_, client) && !holds(running_, client);
}

}  // namespace leat
