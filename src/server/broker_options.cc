#include "server/broker_options.h"

#include <algorithm>
#include <charconv>
#include <variant>

#include "base/units.h"

namespace leat {
namespace {

using Field = std::variant<bool BrokerSettings::*, int32_t BrokerSettings::*, int64_t BrokerSettings::*,
                           int32_t GroupSettings::*, int64_t GroupSettings::*>;

struct Option {
  const char* name;
  Field field;
};

constexpr Option kOptions[] = {
    {"auto.create.topics.enable", &BrokerSettings::auto_create_topics},
    {"fetch.max.bytes", &BrokerSettings::fetch_bytes_max},
    {"group.initial.rebalance.delay.ms", &GroupSettings::initial_rebalance_delay_ms},
    {"group.max.session.timeout.ms", &GroupSettings::max_session_timeout_ms},
    {"group.max.size", &GroupSettings::max_size},
    {"group.min.session.timeout.ms", &GroupSettings::min_session_timeout_ms},
    {"node.id", &BrokerSettings::node_id},
    {"num.partitions", &BrokerSettings::num_partitions},
    {"offset.metadata.max.bytes", &BrokerSettings::offset_metadata_bytes_max},
    {"socket.request.max.bytes", &BrokerSettings::request_bytes_max},
    {"transaction.max.timeout.ms", &BrokerSettings::transaction_max_timeout_ms},
};

// What replicas, controllers and thread pools need.
constexpr const char* kIgnored[] = {
    "background.threads",
    "broker.rack",
    "controller.listener.names",
    "controller.quorum.bootstrap.servers",
    "controller.quorum.voters",
    "default.replication.factor",
    "min.insync.replicas",
    "num.io.threads",
    "num.network.threads",
    "num.recovery.threads.per.data.dir",
    "num.replica.fetchers",
    "offsets.topic.num.partitions",
    "offsets.topic.replication.factor",
    "process.roles",
    "replica.lag.time.max.ms",
    "transaction.state.log.min.isr",
    "transaction.state.log.num.partitions",
    "transaction.state.log.replication.factor",
    "unclean.leader.election.enable",
};

template <class T>
bool parse(const std::string& text, T& out) {
  auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), out);
  return error == std::errc() && end == text.data() + text.size() && out >= 0;
}

bool parse(const std::string& text, bool& out) {
  out = text == "true";
  return out || text == "false";
}

bool assign(BrokerSettings& settings, const Field& field, const std::string& value) {
  return std::visit(
      [&]<class T, class Owner>(T Owner::*member) {
        if constexpr (std::is_same_v<Owner, GroupSettings>) {
          return parse(value, settings.group.*member);
        } else {
          return parse(value, settings.*member);
        }
      },
      field);
}

}  // namespace

Result<SettingEffect> set_broker_option(BrokerSettings& settings, const std::string& name, const std::string& value) {
  auto found =
      std::find_if(std::begin(kOptions), std::end(kOptions), [&](const auto& each) { return name == each.name; });
  if (found == std::end(kOptions)) {
    bool ignored = std::find(std::begin(kIgnored), std::end(kIgnored), name) != std::end(kIgnored);
    if (ignored) return SettingEffect::kIgnored;
    return Error{Errc::kInvalidArgument, "unknown setting '" + name + "'" + did_you_mean(name, broker_option_names())};
  }
  if (assign(settings, found->field, value)) return SettingEffect::kTaken;
  bool flag = std::holds_alternative<bool BrokerSettings::*>(found->field);
  return Error{Errc::kInvalidArgument, "setting '" + name + "' = '" + value + "': expected " +
                                           (flag ? "true or false" : "a whole number from 0 up")};
}

std::vector<std::string> broker_option_names() {
  std::vector<std::string> out;
  for (const Option& option : kOptions) out.emplace_back(option.name);
  for (const char* name : kIgnored) out.emplace_back(name);
  return out;
}

}  // namespace leat
