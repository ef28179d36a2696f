#include "broker/quota/client_quotas.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "broker/broker.h"
#include "protocol/fetch.h"
#include "protocol/produce.h"
#include "protocol/share_fetch.h"

namespace leat {
namespace {

using protocol::ErrorCode;

constexpr size_t kKnownMax = 1000;
constexpr double kNsPerS = 1e9;

// As entities of quotas name it: without its type.
std::string user_of(const Client& client) {
  return client.principal.substr(client.principal.find(':') + 1);
}

double refilled(double credit, double per_s, double most, Instant from, Instant to) {
  return std::min(most, credit + per_s * static_cast<double>(to.value - from.value) / kNsPerS);
}

}  // namespace

int64_t ClientQuotas::charge(Client& client, const RequestCost& cost) {
  int64_t wait_ms = std::exchange(client.wait_ms, 0), worked_ns = std::exchange(client.worked_ns, 0);
  if (!broker_.state().quotas().empty()) {
    const Limits& limits = this->limits(client);
    auto spend = [&](Kind kind, double amount) {
      if (amount > 0 && limits.contains(kind)) wait_ms = std::max(wait_ms, use(kind, limits.at(kind), amount));
    };
    bool fetches = cost.key == protocol::Fetch::kInfo.key || cost.key == protocol::ShareFetch::kInfo.key;
    if (cost.key == protocol::Produce::kInfo.key) spend(Kind::kProduce, static_cast<double>(cost.request_bytes));
    if (fetches) spend(Kind::kFetch, static_cast<double>(cost.response_bytes));
    spend(Kind::kRequest, static_cast<double>(worked_ns));
  }
  if (wait_ms > 0) client.held_until = {broker_.monotonic().value + wait_ms * kNsPerMs};
  return wait_ms;
}

ErrorCode ClientQuotas::change_partitions(Client& client, int64_t count, bool strictly) {
  if (broker_.state().quotas().empty()) return ErrorCode::kNone;
  const Limits& limits = this->limits(client);
  auto found = limits.find(Kind::kMutation);
  if (found == limits.end()) return ErrorCode::kNone;
  bool is_refused = strictly && bucket(Kind::kMutation, found->second).credit < 0;
  int64_t wait_ms = use(Kind::kMutation, found->second, is_refused ? 0 : static_cast<double>(count));
  if (is_refused || !strictly) client.wait_ms = std::max(client.wait_ms, wait_ms);
  return is_refused ? ErrorCode::kThrottlingQuotaExceeded : ErrorCode::kNone;
}

int64_t ClientQuotas::connect(const std::string& host) {
  int64_t wait_ms = 0;
  int64_t of_all = broker_.settings().connection_rate_max;
  if (of_all < INT32_MAX) wait_ms = use(Kind::kConnect, {static_cast<double>(of_all), ""}, 1);
  if (broker_.state().quotas().empty()) return wait_ms;
  Limit of_host = find_connection_limit(host);
  return of_host.per_s > 0 ? std::max(wait_ms, use(Kind::kConnect, of_host, 1)) : wait_ms;
}

const ClientQuotas::Limits& ClientQuotas::limits(const Client& client) {
  if (known_.size() >= kKnownMax) known_.clear();
  auto [entry, is_new] = known_.try_emplace({client.principal, client.id});
  if (!is_new) return entry->second;
  constexpr std::array kKeys{
      std::pair(Kind::kProduce, "producer_byte_rate"), std::pair(Kind::kFetch, "consumer_byte_rate"),
      std::pair(Kind::kRequest, "request_percentage"), std::pair(Kind::kMutation, "controller_mutation_rate")};
  for (const auto& [kind, key] : kKeys) {
    Limit limit = find(key, client);
    if (kind == Kind::kRequest) limit.per_s *= kNsPerS / 100;
    if (limit.per_s > 0) entry->second[kind] = limit;
  }
  return entry->second;
}

// The first that is set, from the most special one on (KIP-55).
ClientQuotas::Limit ClientQuotas::find(const std::string& key, const Client& client) const {
  using Name = std::optional<std::string>;  // Nullopt: of those that have none of their own.
  const Name user = user_of(client), id = client.id, others;
  struct Entity {
    const Name *user, *id;  // Null: it does not matter.
  };
  for (const Entity& each :
       {Entity{&user, &id}, Entity{&user, &others}, Entity{&user, nullptr}, Entity{&others, &id},
        Entity{&others, &others}, Entity{&others, nullptr}, Entity{nullptr, &id}, Entity{nullptr, &others}}) {
    QuotaEntity entity;
    if (each.user != nullptr) entity["user"] = *each.user;
    if (each.id != nullptr) entity["client-id"] = *each.id;
    auto set = broker_.state().quotas().find(entity);
    if (set == broker_.state().quotas().end() || !set->second.contains(key)) continue;
    std::string whose = (each.user != nullptr ? *user : "") + '\n' + (each.id != nullptr ? *id : "");
    return {set->second.at(key), std::move(whose)};
  }
  return {};
}

ClientQuotas::Limit ClientQuotas::find_connection_limit(const std::string& host) const {
  for (const std::optional<std::string>& name : {std::optional(host), std::optional<std::string>()}) {
    auto set = broker_.state().quotas().find(QuotaEntity{{"ip", name}});
    if (set == broker_.state().quotas().end()) continue;
    auto rate = set->second.find("connection_creation_rate");
    if (rate != set->second.end()) return {rate->second, host};
  }
  return {};
}

double ClientQuotas::window_s(Kind kind) const {
  const BrokerSettings& settings = broker_.settings();
  return kind == Kind::kMutation
             ? static_cast<double>(settings.mutation_quota_windows * settings.mutation_quota_window_s)
             : static_cast<double>(std::max<int64_t>(1, settings.quota_windows - 1) * settings.quota_window_s);
}

// As full as it is now.
ClientQuotas::Bucket& ClientQuotas::bucket(Kind kind, const Limit& limit) {
  if (buckets_.size() >= forget_at_) forget_full();
  Instant now = broker_.monotonic();
  double most = limit.per_s * window_s(kind);
  auto [entry, is_new] = buckets_.try_emplace({kind, limit.whose}, Bucket{most, now, limit.per_s, most});
  Bucket& bucket = entry->second;
  bucket = {refilled(bucket.credit, limit.per_s, most, bucket.at, now), now, limit.per_s, most};
  return bucket;
}

// For how long, in ms, to wait: until it is filled up to nothing, but no longer than for all of its windows.
int64_t ClientQuotas::use(Kind kind, const Limit& limit, double amount) {
  Bucket& used = bucket(kind, limit);
  used.credit -= amount;
  if (used.credit >= 0) return 0;
  return static_cast<int64_t>(std::ceil(std::min(-used.credit / limit.per_s, window_s(kind)) * 1000));
}

void ClientQuotas::forget_full() {
  Instant now = broker_.monotonic();
  std::erase_if(buckets_, [now](const auto& entry) {
    const Bucket& bucket = entry.second;
    return refilled(bucket.credit, bucket.per_s, bucket.most, bucket.at, now) >= bucket.most;
  });
  forget_at_ = std::max<size_t>(1000, 2 * buckets_.size());
}

}  // namespace leat
