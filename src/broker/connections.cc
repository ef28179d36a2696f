#include "broker/connections.h"

#include <algorithm>

#include "base/check.h"
#include "broker/quota/client_quotas.h"

namespace leat {
namespace {

constexpr int64_t kLooksPerIdleTime = 10;
constexpr int64_t kLookMsMax = 10'000;

}  // namespace

Connections::Connections(Service& service, Broker& broker)
    : service_(service), broker_(broker), self_(std::make_shared<Connections*>(this)) {
  look_later();
}

std::shared_ptr<ConnectionHandler> Connections::accept(std::shared_ptr<Connection> connection) {
  const std::string host = connection->peer().host;
  uint64_t number = ++last_number_;
  std::string refusal;
  if (host_is_full(host)) refusal = host + " has max.connections.per.ip connections";
  bool waits = refusal.empty() && is_full();
  if (waits && waiting_.size() >= kWaitingMax) refusal = "there are max.connections connections, and more that wait";
  auto handler = std::make_shared<KafkaConnection>(service_, broker_, std::move(connection), number);
  open_[number] = handler;
  ++of_host_[host];
  handler->when_closed([self = std::weak_ptr(self_), number, host] {
    if (auto known = self.lock()) (*known)->on_closed(number, host);
  });
  if (!refusal.empty()) {
    handler->close(refusal);
  } else if (waits) {
    handler->hold(true);
    waiting_.push_back(number);
  } else if (int64_t wait_ms = broker_.quotas().connect(host); wait_ms > 0) {
    handler->hold_for(wait_ms);
  }
  return handler;
}

void Connections::on_closed(uint64_t number, const std::string& host) {
  open_.erase(number);
  std::erase(waiting_, number);
  auto count = of_host_.find(host);
  CHECK(count != of_host_.end());
  if (--count->second == 0) of_host_.erase(count);
  let_in();
}

bool Connections::host_is_full(const std::string& host) const {
  const BrokerSettings& settings = broker_.settings();
  int64_t most = settings.connections_per_host_max;
  for (const std::string& exception : settings.connections_per_host_overrides) {
    size_t colon = exception.rfind(':');
    if (exception.substr(0, colon) == host) most = number_of(exception.substr(colon + 1));
  }
  auto count = of_host_.find(host);
  return (count == of_host_.end() ? 0 : count->second) >= most;
}

bool Connections::is_full() const {
  return static_cast<int64_t>(open_.size() - waiting_.size()) >= broker_.settings().connections_max;
}

void Connections::let_in() {
  while (!waiting_.empty() && !is_full()) {
    auto handler = open_.at(waiting_.front()).lock();
    waiting_.pop_front();
    if (handler) handler->hold(false);
  }
}

void Connections::look_later() {
  int64_t idle_ms = broker_.settings().connections_idle_ms_max;
  int64_t delay_ms = idle_ms < 0 ? kLookMsMax : std::clamp<int64_t>(idle_ms / kLooksPerIdleTime, 1, kLookMsMax);
  idle_timer_ = broker_.loop().after(delay_ms, [this] {
    end_idle();
    let_in();  // The limit may be another one now.
    look_later();
  });
}

void Connections::end_idle() {
  int64_t idle_ms = broker_.settings().connections_idle_ms_max;
  if (idle_ms < 0) return;
  Instant since{broker_.monotonic().value - idle_ms * kNsPerMs};
  for (const auto& [number, weak] : open_) {
    auto handler = weak.lock();
    if (handler && handler->is_idle_since(since)) {
      handler->close("idle for connections.max.idle.ms = " + std::to_string(idle_ms));
    }
  }
}

}  // namespace leat
