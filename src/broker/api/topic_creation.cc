#include "broker/api/topic_creation.h"

#include <algorithm>

#include "broker/catalog/topic_settings.h"
#include "broker/group/groups.h"

namespace leat::api {
namespace {

using protocol::ErrorCode;

constexpr size_t kNameMax = 249;  // With a suffix it must fit into a file name, as Kafka has it.
constexpr int32_t kTopicPartitionsMax = 10'000;

// Kafka's metrics write both as '_', so two topics must not differ in that alone.
std::string without_dots(std::string name) {
  std::replace(name.begin(), name.end(), '.', '_');
  return name;
}

}  // namespace

bool is_topic_name(const std::string& name) {
  constexpr const char* kAllowed = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-";
  return !name.empty() && name.size() <= kNameMax && name != "." && name != ".." &&
         name.find_first_not_of(kAllowed) == std::string::npos;
}

Refusal check_new_topic(const Broker& broker, const NewTopic& topic) {
  if (!is_topic_name(topic.name)) {
    return {ErrorCode::kInvalidTopicException,
            "topic name '" + topic.name + "': expected 1 to 249 letters, digits, '.', '_' and '-'"};
  }
  if (broker.state().topic(topic.name) != nullptr) {
    return {ErrorCode::kTopicAlreadyExists, "Topic '" + topic.name + "' already exists."};
  }
  for (const auto& [name, known] : broker.state().topics()) {
    if (without_dots(name) == without_dots(topic.name)) {
      return {ErrorCode::kInvalidTopicException,
              "topic '" + topic.name + "' collides with '" + name + "': '.' and '_' count as the same"};
    }
  }
  if (topic.partitions < 1 || topic.partitions > kTopicPartitionsMax) {
    return {ErrorCode::kInvalidPartitions, "a topic has from 1 to " + std::to_string(kTopicPartitionsMax) +
                                               " partitions, not " + std::to_string(topic.partitions)};
  }
  for (const auto& [name, value] : topic.configs) {
    Status checked = check_topic_setting(name, value);
    if (!checked) return {ErrorCode::kInvalidConfig, checked.error().message};
  }
  return {};
}

void create_topic(Broker& broker, const NewTopic& topic, std::function<void(ErrorCode)> done) {
  TopicInfo made{topic.name, broker.random_uuid(), topic.partitions, topic.configs};
  auto exists = std::make_shared<bool>(false);
  broker.decide(
      [made, exists](const BrokerState& state, WallTime) -> Decision<BrokerEvent, Status> {
        *exists = state.topic(made.name) != nullptr;
        if (*exists) return {{}, {}};
        return {{broker_event::TopicChanged{made}}, {}};
      },
      [exists, done = std::move(done), &broker, topic](const Status& outcome) {
        if (outcome && !*exists) {
          broker.groups().observer().topic_changed({topic.name, 0, topic.partitions, {}, topic.by});
        }
        done(!outcome ? ErrorCode::kKafkaStorageError : *exists ? ErrorCode::kTopicAlreadyExists : ErrorCode::kNone);
      });
}

}  // namespace leat::api
