#pragma once
// ClientTelemetry: the newest numbers that clients pushed of themselves (KIP-714), for whoever explains what a group
// does. Not durable. Memory is bounded: kClientsMax clients, the one that was silent longest goes first; of each the
// metrics that were asked for.
#include <map>
#include <string>
#include <vector>

#include "base/types.h"
#include "broker/call.h"
#include "protocol/error_code.h"
#include "protocol/get_telemetry_subscriptions.h"
#include "protocol/push_telemetry.h"
#include "protocol/uuid.h"

namespace leat {

// By Kafka's names of metrics, as "org.apache.kafka.consumer.poll.idle.ratio.avg".
using MetricValues = std::map<std::string, double, std::less<>>;

class ClientTelemetry {
 public:
  struct Pushed {
    std::string client_id, client_host, software_name, software_version;
    WallTime at;
    MetricValues metrics;
  };
  static constexpr size_t kClientsMax = 1000, kMetricsMax = 64;
  static constexpr int32_t kBytesMax = 1 << 20;  // Of a push, as it comes; Kafka's telemetry.max.bytes.
  static constexpr size_t kDecompressedBytesMax = 8 << 20;
  static constexpr int32_t kIntervalMs = 60'000;

  // `fresh`: the id of a client that has none.
  protocol::GetTelemetrySubscriptionsResponse subscribe(const Client&, const Uuid& asked, const Uuid& fresh,
                                                        Instant now);
  protocol::ErrorCode push(const Client&, const protocol::PushTelemetryRequest&, Instant now, WallTime wall);

  // The newest push of a client; null: it has pushed nothing.
  const Pushed* find(const std::string& client_id, const std::string& client_host) const;
  size_t size() const { return clients_.size(); }

 private:
  struct Known {
    Instant heard;                  // Of its newest request.
    std::optional<Instant> pushed;  // Its newest push.
    bool terminated = false;
    Pushed newest;
  };
  Known& known(const Uuid&, Instant now);

  std::map<Uuid, Known> clients_;
};

}  // namespace leat
