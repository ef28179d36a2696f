#include "broker/api/config_change.h"

#include <algorithm>

#include "base/units.h"
#include "broker/catalog/broker_setting_table.h"
#include "broker/catalog/group_setting_table.h"
#include "broker/catalog/topic_settings.h"

namespace leat::api {
namespace {

using enum ConfigResource;
using protocol::ErrorCode;

bool is_whole(const std::string& text) {
  return !text.empty() && text.size() < 10 && text.find_first_not_of("0123456789") == std::string::npos;
}

void check_broker(const Broker& broker, ConfigChange& change) {
  if (change.name.empty()) return;
  if (!is_whole(change.name)) {
    return change.refuse(ErrorCode::kInvalidRequest, "Node id must be an integer, but it is: " + change.name);
  }
  std::string own = std::to_string(broker.settings().node_id);
  if (change.name != own) {
    change.refuse(ErrorCode::kInvalidRequest,
                  "Unexpected broker id, expected " + own + ", but received " + change.name);
  }
}

// A group's value between the bounds that the broker sets: consumer.X has group.consumer.min.X and
// group.consumer.max.X.
void check_group_bounds(const Broker& broker, const std::string& name, const std::string& value, ConfigChange& change) {
  size_t dot = name.find('.');
  for (bool low : {true, false}) {
    std::string bound = "group." + name.substr(0, dot) + (low ? ".min" : ".max") + name.substr(dot);
    const Setting* setting = broker_settings().find(bound);
    if (setting == nullptr || setting->effect == Effect::kIgnored) continue;
    int64_t limit = number_of(broker.config(bound)), number = number_of(value);
    if (low ? number >= limit : number <= limit) continue;
    return change.refuse(ErrorCode::kInvalidConfig, name + " must be " + (low ? "greater" : "less") +
                                                        " than or equal to " + bound + " (" + std::to_string(limit) +
                                                        ")");
  }
}

void check_sessions(const Broker& broker, ConfigChange& change) {
  EffectiveConfigs configs(group_settings(), change.set, broker.configs());
  for (const std::string kind : {"consumer", "share"}) {
    std::string session = kind + ".session.timeout.ms", heartbeat = kind + ".heartbeat.interval.ms";
    if (configs.number(session) > configs.number(heartbeat)) continue;
    return change.refuse(ErrorCode::kInvalidConfig, session + " must be greater than " + heartbeat);
  }
}

void check_value_of(const Broker& broker, const SettingTable& table, const std::string& name, ConfigChange& change) {
  const Setting* setting = table.find(name);
  bool is_broker = change.resource() == kBroker;
  if (setting == nullptr) {
    const char* what = is_broker ? "broker" : change.resource() == kGroup ? "group" : "client metrics";
    return change.refuse(is_broker ? ErrorCode::kInvalidRequest : ErrorCode::kInvalidConfig,
                         std::string("Unknown ") + (change.resource() == kTopic ? "topic" : what) +
                             " config name: " + name + did_you_mean(name, table.names()));
  }
  if (is_broker && !is_dynamic(name)) {
    return change.refuse(ErrorCode::kInvalidRequest, "Cannot update these configs dynamically: Set(" + name + ")");
  }
  auto found = change.set.find(name);
  if (found == change.set.end()) return;
  Status checked = check_value(*setting, found->second);
  if (!checked) {
    return change.refuse(is_broker ? ErrorCode::kInvalidRequest : ErrorCode::kInvalidConfig, checked.error().message);
  }
  if (change.resource() == kGroup) check_group_bounds(broker, name, found->second, change);
}

}  // namespace

void ConfigChange::refuse(ErrorCode code, std::string why) {
  if (error != ErrorCode::kNone) return;
  error = code;
  message = std::move(why);
}

const SettingTable* settings_of(ConfigResource type) {
  switch (type) {
    case kTopic:
      return &topic_settings();
    case kBroker:
      return &broker_settings();
    case kClientMetrics:
      return &client_metrics_settings();
    case kGroup:
      return &group_settings();
    case kBrokerLogger:
      break;
  }
  return nullptr;
}

void check_resource(const Broker& broker, ConfigChange& change) {
  switch (change.resource()) {
    case kTopic:
      if (broker.state().topic(change.name) != nullptr) return;
      return change.refuse(ErrorCode::kUnknownTopicOrPartition, "The topic '" + change.name + "' does not exist.");
    case kBroker:
      return check_broker(broker, change);
    case kGroup:
      if (!change.name.empty()) return;
      return change.refuse(ErrorCode::kInvalidRequest, "Default group resources are not allowed.");
    case kClientMetrics:
      if (!change.name.empty()) return;
      return change.refuse(ErrorCode::kInvalidRequest, "Default client metrics resources are not allowed.");
    case kBrokerLogger:
      break;
  }
  change.refuse(ErrorCode::kInvalidRequest, "Unknown resource type " + std::to_string(int{change.type}) +
                                                ": topics (2), brokers (4), client metrics " +
                                                "(16) and groups (32) have settings here");
}

void check_values(const Broker& broker, ConfigChange& change) {
  std::vector<std::string> names = change.changed;
  std::sort(names.begin(), names.end());
  if (std::adjacent_find(names.begin(), names.end()) != names.end()) {
    return change.refuse(ErrorCode::kInvalidRequest, "Error due to duplicate config keys");
  }
  for (const std::string& name : names) check_value_of(broker, *settings_of(change.resource()), name, change);
  if (change.resource() == kGroup && change.error == ErrorCode::kNone) check_sessions(broker, change);
}

const SetValues& set_now(const Broker& broker, const ConfigChange& change) {
  if (change.resource() == kTopic) return broker.state().topic(change.name)->configs;
  return broker.state().configs(change.resource(), change.name);
}

void refuse_twins(std::vector<ConfigChange>& changes) {
  std::map<std::pair<int8_t, std::string>, int> seen;
  for (const ConfigChange& change : changes) ++seen[{change.type, change.name}];
  for (ConfigChange& change : changes) {
    if (seen[{change.type, change.name}] == 1) continue;
    change.refuse(ErrorCode::kInvalidRequest, "Each resource must appear at most once.");
  }
}

void make_changes(Broker& broker, std::vector<ConfigChange> changes,
                  std::function<void(const std::vector<ConfigChange>&)> done) {
  std::vector<BrokerEvent> events;
  for (const ConfigChange& change : changes) {
    if (change.error != ErrorCode::kNone || change.set == set_now(broker, change)) continue;
    if (change.resource() == kTopic) {
      TopicInfo topic = *broker.state().topic(change.name);
      topic.configs = change.set;
      events.emplace_back(broker_event::TopicChanged{std::move(topic)});
    } else {
      events.emplace_back(broker_event::ConfigsSet{change.resource(), change.name, change.set});
    }
  }
  if (events.empty()) return done(changes);
  broker.record(std::move(events),
                [&broker, changes = std::move(changes), done = std::move(done)](const Status& outcome) {
                  if (outcome) {
                    broker.take_configs();
                    return done(changes);
                  }
                  auto failed = changes;
                  for (ConfigChange& change : failed)
                    change.refuse(ErrorCode::kKafkaStorageError, outcome.error().message);
                  done(failed);
                });
}

}  // namespace leat::api
