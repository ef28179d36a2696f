#include "broker/access/guard.h"
#include "protocol/api_versions.h"
#include "protocol/get_telemetry_subscriptions.h"
#include "protocol/push_telemetry.h"
#include "protocol/sasl_authenticate.h"
#include "protocol/sasl_handshake.h"

namespace leat::access {
namespace {

// Everybody may: it concerns nobody but the client itself.
template <class Api>
void no_guard(Service& service) {
  guard_whole<Api>(service, [](const Call&, const auto&) { return ErrorCode::kNone; });
}

}  // namespace

void guard_all(Service& service, Broker& broker) {
  no_guard<protocol::ApiVersions>(service);
  no_guard<protocol::SaslHandshake>(service);
  no_guard<protocol::SaslAuthenticate>(service);
  no_guard<protocol::GetTelemetrySubscriptions>(service);
  no_guard<protocol::PushTelemetry>(service);
  for (auto guard : {guard_records, guard_topics, guard_metadata, guard_configs, guard_groups, guard_offsets,
                     guard_transactions, guard_shares, guard_administration}) {
    guard(service, broker);
  }
  service.set_fallback([&broker](const Call& call) { return may_cluster(broker, call, kClusterAction); });
}

}  // namespace leat::access
