#include "broker/telemetry/client_telemetry.h"

#include <algorithm>
#include <cmath>

#include "base/crc32c.h"
#include "log/codec.h"
#include "protocol/otlp.h"

namespace leat {
namespace {

using protocol::ErrorCode;

// Prefixes of names: what tells a busy consumer from an idle one, and how long rebalances take it.
const std::vector<std::string>& wanted() {
  static const std::vector<std::string> kWanted = {
      "org.apache.kafka.consumer.poll.idle.ratio.avg",
      "org.apache.kafka.consumer.time.between.poll",
      "org.apache.kafka.consumer.last.poll.seconds.ago",
      "org.apache.kafka.consumer.coordinator.rebalance.latency",
      "org.apache.kafka.consumer.coordinator.assigned.partitions",
      "org.apache.kafka.consumer.coordinator.commit.latency",
      "org.apache.kafka.consumer.coordinator.last.heartbeat.seconds.ago",
      "org.apache.kafka.consumer.fetch.manager.records.lag.max",
      "org.apache.kafka.consumer.fetch.manager.fetch.latency",
  };
  return kWanted;
}

bool is_wanted(BytesView name) {
  return std::any_of(wanted().begin(), wanted().end(), [&](const auto& prefix) { return name.starts_with(prefix); });
}

// Changes when what is asked for does, so that clients ask again.
int32_t subscription_id() {
  Bytes all;
  for (const std::string& name : wanted()) all += name + '\n';
  return static_cast<int32_t>(crc32c(all) ^ static_cast<uint32_t>(ClientTelemetry::kIntervalMs));
}

bool too_soon(std::optional<Instant> before, Instant now) {
  // A client may come some time before its interval is over: it spreads its pushes.
  constexpr int64_t kNanos = 1'000'000;
  return before && now.value - before->value < int64_t{ClientTelemetry::kIntervalMs} / 2 * kNanos;
}

}  // namespace

ClientTelemetry::Known& ClientTelemetry::known(const Uuid& id, Instant now) {
  if (!clients_.contains(id) && clients_.size() >= kClientsMax) {
    clients_.erase(std::min_element(clients_.begin(), clients_.end(),
                                    [](const auto& a, const auto& b) { return a.second.heard < b.second.heard; }));
  }
  Known& out = clients_[id];
  out.heard = now;
  return out;
}

protocol::GetTelemetrySubscriptionsResponse ClientTelemetry::subscribe(const Client& client, const Uuid& asked,
                                                                       const Uuid& fresh, Instant now) {
  protocol::GetTelemetrySubscriptionsResponse out;
  out.client_instance_id = asked.is_zero() ? fresh : asked;
  Known& one = known(out.client_instance_id, now);
  one.newest.client_id = client.id;
  one.newest.client_host = client.peer.host;
  out.subscription_id = subscription_id();
  for (Codec codec : {Codec::kZstd, Codec::kLz4, Codec::kGzip, Codec::kSnappy}) {
    out.accepted_compression_types.push_back(static_cast<int8_t>(codec));
  }
  out.push_interval_ms = kIntervalMs;
  out.telemetry_max_bytes = kBytesMax;
  out.requested_metrics = wanted();
  return out;
}

ErrorCode ClientTelemetry::push(const Client& client, const protocol::PushTelemetryRequest& request, Instant now,
                                WallTime wall) {
  if (request.client_instance_id.is_zero()) return ErrorCode::kInvalidRequest;
  Known& one = known(request.client_instance_id, now);
  if (one.terminated) return ErrorCode::kInvalidRequest;
  if (request.subscription_id != subscription_id()) return ErrorCode::kUnknownSubscriptionId;
  if (request.compression_type < 0 || request.compression_type > static_cast<int8_t>(Codec::kZstd)) {
    return ErrorCode::kUnsupportedCompressionType;
  }
  if (request.metrics.size() > static_cast<size_t>(kBytesMax)) return ErrorCode::kTelemetryTooLarge;
  if (!request.terminating && too_soon(one.pushed, now)) return ErrorCode::kThrottlingQuotaExceeded;
  one.pushed = now;
  one.terminated = request.terminating;
  auto bytes = decompress(static_cast<Codec>(request.compression_type), request.metrics, kDecompressedBytesMax);
  if (!bytes) return ErrorCode::kInvalidRecord;
  MetricValues values;
  Status read = visit_metrics(*bytes, [&](BytesView name, double value) {
    bool room = values.size() < kMetricsMax || values.contains(name);
    if (room && is_wanted(name) && std::isfinite(value)) values.insert_or_assign(std::string(name), value);
  });
  if (!read) return ErrorCode::kInvalidRecord;
  one.newest = {client.id, client.peer.host, client.software_name, client.software_version, wall, std::move(values)};
  return ErrorCode::kNone;
}

const ClientTelemetry::Pushed* ClientTelemetry::find(const std::string& client_id,
                                                     const std::string& client_host) const {
  const Pushed* out = nullptr;
  for (const auto& [id, one] : clients_) {
    const Pushed& pushed = one.newest;
    bool is_it = one.pushed && pushed.client_id == client_id && pushed.client_host == client_host;
    if (is_it && (out == nullptr || pushed.at > out->at)) out = &pushed;
  }
  return out;
}

}  // namespace leat
