// Settings of topics, brokers and groups, through Kafka's protocol.
#include <gtest/gtest.h>

#include "broker/catalog/broker_setting_table.h"
#include "broker/catalog/topic_settings.h"
#include "protocol/all.h"
#include "sim/kafka_client.h"

namespace leat {
namespace {

using protocol::ErrorCode;
using enum ConfigResource;

enum Operation : int8_t { kSet = 0, kDelete = 1, kAppend = 2, kSubtract = 3 };

class ConfigsTest : public testing::Test {
 protected:
  void make_topic(const std::string& name, const SetValues& configs = {}) {
    protocol::CreateTopicsRequest request;
    request.topics.push_back({name, 1, 1, {}, {}});
    for (const auto& [key, value] : configs) request.topics[0].configs.push_back({key, value});
    ASSERT_EQ(client->call<protocol::CreateTopics>(request).topics[0].error_code, 0);
  }
  struct Edit {
    std::string name;
    int8_t operation = kSet;
    std::optional<std::string> value;
  };
  // "NONE", or the error's name and what is said of it.
  std::string alter(ConfigResource type, const std::string& name, const std::vector<Edit>& edits,
                    bool validate_only = false) {
    protocol::IncrementalAlterConfigsRequest request;
    request.validate_only = validate_only;
    auto& resource = request.resources.emplace_back();
    resource.resource_type = static_cast<int8_t>(type);
    resource.resource_name = name;
    for (const Edit& edit : edits) resource.configs.push_back({edit.name, edit.operation, edit.value});
    auto result = client->call<protocol::IncrementalAlterConfigs>(request).responses[0];
    std::string out = protocol::to_string(static_cast<ErrorCode>(result.error_code));
    return out + (result.error_message ? ": " + *result.error_message : "");
  }
  using Config = protocol::DescribeConfigsResponse::Result::Config;
  std::map<std::string, Config> describe(ConfigResource type, const std::string& name) {
    protocol::DescribeConfigsRequest request;
    request.include_synonyms = true;
    request.resources.push_back({static_cast<int8_t>(type), name, {}});
    auto result = client->call<protocol::DescribeConfigs>(request).results[0];
    EXPECT_EQ(result.error_code, 0) << result.error_message.value_or("");
    std::map<std::string, Config> out;
    for (const auto& config : result.configs) out[config.name] = config;
    return out;
  }
  // The value, the number of its source, and the synonyms: "5 from 1: retention.ms=5 (1), log.retention.ms=7 (4)".
  std::string shown(ConfigResource type, const std::string& name, const std::string& key) {
    Config config = describe(type, name)[key];
    std::string out = config.value.value_or("null") + " from " + std::to_string(config.config_source) + ":";
    for (const auto& synonym : config.synonyms) {
      out += " " + synonym.name + "=" + synonym.value.value_or("null") + " (" + std::to_string(synonym.source) + ")";
    }
    return out;
  }
  void restart() {
    client.reset();
    broker.stop();
    broker.sim.lose_power();
    broker.start();
    client = std::make_unique<TestClient>(broker);
  }

  TestBroker broker;
  std::unique_ptr<TestClient> client = std::make_unique<TestClient>(broker);
};

TEST_F(ConfigsTest, ATopicHasWhatTheBrokerHas) {
  make_topic("t");
  EXPECT_EQ(shown(kTopic, "t", "retention.ms"), "604800000 from 5: log.retention.hours=168 (5)");
  EXPECT_EQ(alter(kBroker, "", {{"log.retention.ms", kSet, "5000"}}), "NONE");
  EXPECT_EQ(alter(kBroker, "1", {{"log.retention.ms", kSet, "6000"}}), "NONE");
  EXPECT_EQ(alter(kTopic, "t", {{"retention.ms", kSet, "7000"}}), "NONE");
  EXPECT_EQ(shown(kTopic, "t", "retention.ms"),
            "7000 from 1: retention.ms=7000 (1) log.retention.ms=6000 (2) log.retention.ms=5000 (3) "
            "log.retention.hours=168 (5)");
  EXPECT_EQ(alter(kTopic, "t", {{"retention.ms", kDelete, {}}}), "NONE");
  EXPECT_EQ(shown(kTopic, "t", "retention.ms"),
            "6000 from 2: log.retention.ms=6000 (2) log.retention.ms=5000 (3) log.retention.hours=168 (5)");
  restart();
  EXPECT_EQ(describe(kTopic, "t")["retention.ms"].value, "6000");
}

TEST_F(ConfigsTest, EverySettingIsShownWithItsDefault) {
  make_topic("t");
  auto of_topic = describe(kTopic, "t");
  for (const Setting& setting : topic_settings()) EXPECT_TRUE(of_topic[setting.name].value) << setting.name;
  auto of_broker = describe(kBroker, "1");
  EXPECT_EQ(of_broker.size(), broker_settings().names().size());
  EXPECT_EQ(of_broker["num.partitions"].value, "1");
  EXPECT_TRUE(of_broker["num.partitions"].read_only);
  EXPECT_FALSE(of_broker["log.retention.ms"].read_only);
  EXPECT_EQ(of_broker["log.retention.ms"].value, std::nullopt);
  EXPECT_EQ(of_broker["message.max.bytes"].value, "1048588");
  EXPECT_EQ(of_broker["offsets.retention.minutes"].value, "10080");
  EXPECT_TRUE(describe(kBroker, "").empty());
}

TEST_F(ConfigsTest, AnOpenPartitionTakesThemAtOnce) {
  make_topic("t");
  auto partition = *broker.broker->partition("t", 0);
  EXPECT_EQ(partition->policy().batch_bytes_max, 1048588U);
  EXPECT_EQ(alter(kTopic, "t", {{"max.message.bytes", kSet, "77"}, {"cleanup.policy", kSet, "compact"}}), "NONE");
  EXPECT_EQ(partition->policy().batch_bytes_max, 77U);
  EXPECT_TRUE(partition->policy().compacts);
  EXPECT_EQ(partition->policy().limits.retention_ms, -1);
  EXPECT_EQ(alter(kBroker, "", {{"log.segment.bytes", kSet, "2000000"}}), "NONE");
  EXPECT_EQ(partition->policy().limits.segment_bytes, 2'000'000U);
}

TEST_F(ConfigsTest, ListsGrowAndShrink) {
  make_topic("t");
  auto policy = [&] { return *describe(kTopic, "t")["cleanup.policy"].value; };
  EXPECT_EQ(alter(kTopic, "t", {{"cleanup.policy", kAppend, "compact"}}), "NONE");
  EXPECT_EQ(policy(), "delete,compact");
  EXPECT_EQ(alter(kTopic, "t", {{"cleanup.policy", kSubtract, "delete"}}), "NONE");
  EXPECT_EQ(policy(), "compact");
  EXPECT_EQ(alter(kTopic, "t", {{"retention.ms", kAppend, "1"}}),
            "INVALID_CONFIG: Can't APPEND to key retention.ms because its type is not LIST.");
}

TEST_F(ConfigsTest, RefusalsAreKafkas) {
  make_topic("t");
  EXPECT_EQ(alter(kTopic, "u", {{"retention.ms", kSet, "1"}}),
            "UNKNOWN_TOPIC_OR_PARTITION: The topic 'u' does not exist.");
  EXPECT_EQ(alter(kTopic, "t", {{"retention.m", kSet, "1"}}),
            "INVALID_CONFIG: Unknown topic config name: retention.m; did you mean 'retention.ms'?");
  EXPECT_EQ(alter(kTopic, "t", {{"retention.ms", kSet, "x"}}),
            "INVALID_CONFIG: Invalid value x for configuration retention.ms: Not a number of type LONG");
  EXPECT_EQ(alter(kTopic, "t", {{"retention.ms", kSet, "-2"}}),
            "INVALID_CONFIG: Invalid value -2 for configuration retention.ms: Value must be at least -1");
  EXPECT_EQ(alter(kTopic, "t", {{"cleanup.policy", kSet, "keep"}}),
            "INVALID_CONFIG: Invalid value keep for configuration cleanup.policy: String must be one of: delete, "
            "compact");
  EXPECT_EQ(alter(kTopic, "t", {{"retention.ms", kSet, {}}}),
            "INVALID_REQUEST: Null value not supported for : retention.ms");
  EXPECT_EQ(alter(kTopic, "t", {{"retention.ms", kSet, "1"}, {"retention.ms", kSet, "2"}}),
            "INVALID_REQUEST: Error due to duplicate config keys");
  EXPECT_EQ(alter(kBroker, "2", {}), "INVALID_REQUEST: Unexpected broker id, expected 1, but received 2");
  EXPECT_EQ(alter(kBroker, "1", {{"num.partitions", kSet, "2"}}),
            "INVALID_REQUEST: Cannot update these configs dynamically: Set(num.partitions)");
  EXPECT_EQ(shown(kTopic, "t", "retention.ms"), "604800000 from 5: log.retention.hours=168 (5)");
}

TEST_F(ConfigsTest, ValidationChangesNothing) {
  make_topic("t");
  EXPECT_EQ(alter(kTopic, "t", {{"retention.ms", kSet, "5"}}, true), "NONE");
  EXPECT_EQ(describe(kTopic, "t")["retention.ms"].value, "604800000");
}

TEST_F(ConfigsTest, AlterConfigsReplacesAll) {
  make_topic("t", {{"retention.ms", "5"}});
  protocol::AlterConfigsRequest request;
  request.resources.push_back({static_cast<int8_t>(kTopic), "t", {{"segment.ms", "9"}}});
  EXPECT_EQ(client->call<protocol::AlterConfigs>(request).responses[0].error_code, 0);
  EXPECT_EQ(describe(kTopic, "t")["retention.ms"].value, "604800000");
  EXPECT_EQ(describe(kTopic, "t")["segment.ms"].value, "9");
}

TEST_F(ConfigsTest, GroupsHaveSettingsBeforeTheyAreThere) {
  EXPECT_EQ(broker.broker->group_configs("g").number("consumer.session.timeout.ms"), 45'000);
  EXPECT_EQ(alter(kGroup, "g", {{"consumer.session.timeout.ms", kSet, "50000"}}), "NONE");
  EXPECT_EQ(alter(kGroup, "g", {{"consumer.session.timeout.ms", kSet, "70000"}}),
            "INVALID_CONFIG: consumer.session.timeout.ms must be less than or equal to "
            "group.consumer.max.session.timeout.ms (60000)");
  EXPECT_EQ(shown(kGroup, "g", "consumer.session.timeout.ms"),
            "50000 from 8: consumer.session.timeout.ms=50000 (8) group.consumer.session.timeout.ms=45000 (5)");
  restart();
  EXPECT_EQ(broker.broker->group_configs("g").number("consumer.session.timeout.ms"), 50'000);
  protocol::ListConfigResourcesRequest request;
  request.resource_types = {static_cast<int8_t>(kGroup)};
  auto listed = client->call<protocol::ListConfigResources>(request);
  ASSERT_EQ(listed.config_resources.size(), 1U);
  EXPECT_EQ(listed.config_resources[0].resource_name, "g");
}

TEST_F(ConfigsTest, DynamicSettingsReachTheMembersOfTheSettings) {
  EXPECT_EQ(alter(kBroker, "", {{"producer.id.expiration.ms", kSet, "1234"}}), "NONE");
  EXPECT_EQ(broker.broker->settings().producer_expiration_ms, 1234);
  EXPECT_EQ(alter(kBroker, "", {{"producer.id.expiration.ms", kDelete, {}}}), "NONE");
  EXPECT_EQ(broker.broker->settings().producer_expiration_ms, 86'400'000);
}

TEST_F(ConfigsTest, TopicsStayWhereDeletionIsOff) {
  make_topic("t");
  broker.settings.delete_topics = false;
  restart();
  protocol::DeleteTopicsRequest request;
  request.topics.push_back({"t", {}});
  EXPECT_EQ(client->call<protocol::DeleteTopics>(request).responses[0].error_code,
            static_cast<int16_t>(ErrorCode::kTopicDeletionDisabled));
  EXPECT_NE(broker.broker->state().topic("t"), nullptr);
}

TEST(BrokerSettings, WhatIsGivenIsStatic) {
  BrokerSettings settings;
  ASSERT_TRUE(set_broker_setting(settings, "num.partitions", "4"));
  EXPECT_EQ(settings.num_partitions, 4);
  EXPECT_EQ(*set_broker_setting(settings, "log.retention.minutes", "2"), Effect::kHeeded);
  EXPECT_EQ(*set_broker_setting(settings, "num.io.threads", "2"), Effect::kIgnored);
  SetValues none;
  BrokerConfigs configs(none, none, settings.given);
  auto layers = configs.of_other(*topic_settings().find("retention.ms"), {}, ConfigSource::kTopic);
  EXPECT_EQ(value_of(layers), "120000");
  EXPECT_EQ(layers.front().source, ConfigSource::kStatic);
  auto unknown = set_broker_setting(settings, "num.partition", "4");
  ASSERT_FALSE(unknown);
  EXPECT_EQ(unknown.error().message, "unknown setting 'num.partition'; did you mean 'num.partitions'?");
}

}  // namespace
}  // namespace leat
