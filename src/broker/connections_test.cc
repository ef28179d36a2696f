// How many connections there may be, and for how long one may be idle.
#include "broker/connections.h"

#include <gtest/gtest.h>

#include "protocol/all.h"
#include "sim/kafka_client.h"

namespace leat {
namespace {

bool is_served(TestClient& client) {
  client.send<protocol::ApiVersions>({}, 0);
  return client.receive<protocol::ApiVersions>(0).has_value();
}

BrokerSettings with(const std::string& name, const std::string& value) {
  BrokerSettings settings = TestBroker::patient();
  CHECK(set_broker_setting(settings, name, value));
  return settings;
}

TEST(Connections, OneThatIsIdleIsClosed) {
  TestBroker broker(with("connections.max.idle.ms", "60000"));
  TestClient idle(broker), busy(broker);
  ASSERT_TRUE(is_served(idle));
  for (int i = 0; i < 6; ++i) {
    EXPECT_FALSE(idle.peer().closed()) << i;
    broker.loop.advance_ms(11'000);
    ASSERT_TRUE(is_served(busy));
  }
  broker.loop.advance_ms(11'000);
  ASSERT_TRUE(idle.peer().closed());
  EXPECT_NE(idle.peer().closed()->find("connections.max.idle.ms"), std::string::npos);
  EXPECT_FALSE(busy.peer().closed());
}

// A consumer that waits in a rebalance for as long as its slowest companion is not idle.
TEST(Connections, OneThatIsNotAnsweredYetIsNotIdle) {
  BrokerSettings settings = with("connections.max.idle.ms", "1000");
  CHECK(set_broker_setting(settings, "group.initial.rebalance.delay.ms", "60000"));
  TestBroker broker(settings);
  TestClient member(broker);
  protocol::JoinGroupRequest join;
  join.group_id = "g";
  join.protocol_type = "consumer";
  join.session_timeout_ms = join.rebalance_timeout_ms = 100'000;
  join.protocols.push_back({"range", ""});
  member.send<protocol::JoinGroup>(join, 3);
  broker.loop.advance_ms(30'000);
  EXPECT_FALSE(member.peer().closed());
  broker.loop.advance_ms(30'000);
  EXPECT_TRUE(member.receive<protocol::JoinGroup>(3));
}

TEST(Connections, BeyondWhatAnAddressMayHaveTheyAreClosed) {
  TestBroker broker(with("max.connections.per.ip", "2"));
  auto first = std::make_unique<TestClient>(broker);
  TestClient second(broker), third(broker);
  EXPECT_TRUE(is_served(*first));
  EXPECT_TRUE(is_served(second));
  EXPECT_FALSE(is_served(third));
  ASSERT_TRUE(third.peer().closed());
  EXPECT_NE(third.peer().closed()->find("max.connections.per.ip"), std::string::npos);
  first.reset();
  TestClient fourth(broker);
  EXPECT_TRUE(is_served(fourth));
}

TEST(Connections, AnAddressMayHaveANumberOfItsOwn) {
  BrokerSettings settings = with("max.connections.per.ip", "0");
  CHECK(set_broker_setting(settings, "max.connections.per.ip.overrides", "10.0.0.1:7, 127.0.0.1:1"));
  TestBroker broker(settings);
  TestClient first(broker), second(broker);
  EXPECT_TRUE(is_served(first));
  EXPECT_FALSE(is_served(second));
}

TEST(Connections, BeyondTheirNumberTheyWait) {
  TestBroker broker(with("max.connections", "1"));
  auto first = std::make_unique<TestClient>(broker);
  TestClient second(broker), third(broker);
  EXPECT_TRUE(is_served(*first));
  EXPECT_FALSE(is_served(second));
  EXPECT_FALSE(is_served(third));
  EXPECT_FALSE(second.peer().closed());
  first.reset();
  EXPECT_TRUE(second.receive<protocol::ApiVersions>(0));
  EXPECT_FALSE(third.receive<protocol::ApiVersions>(0));
  // The limit rises while the broker runs.
  protocol::IncrementalAlterConfigsRequest alter;
  auto& resource = alter.resources.emplace_back();
  resource.resource_type = static_cast<int8_t>(ConfigResource::kBroker);
  resource.resource_name = "1";
  auto& config = resource.configs.emplace_back();
  config.name = "max.connections";
  config.value = "2";
  EXPECT_EQ(second.call<protocol::IncrementalAlterConfigs>(alter).responses[0].error_code, 0);
  broker.loop.advance_ms(10'000);
  EXPECT_TRUE(third.receive<protocol::ApiVersions>(0));
}

TEST(Connections, OnlySoManyWait) {
  TestBroker broker(with("max.connections", "0"));
  std::vector<std::unique_ptr<TestClient>> waiting;
  for (size_t i = 0; i < Connections::kWaitingMax; ++i) waiting.push_back(std::make_unique<TestClient>(broker));
  EXPECT_FALSE(waiting.back()->peer().closed());
  TestClient refused(broker);
  broker.loop.run();
  EXPECT_TRUE(refused.peer().closed());
}

TEST(Connections, OverridesAreAddressesAndNumbers) {
  for (const char* good : {"", "127.0.0.1:1", "::1:5,10.0.0.7:0"}) {
    EXPECT_TRUE(check_broker_setting("max.connections.per.ip.overrides", good)) << good;
  }
  for (const char* bad : {"127.0.0.1", ":5", "127.0.0.1:", "127.0.0.1:-1", "a:b", "127.0.0.1:99999999999"}) {
    EXPECT_FALSE(check_broker_setting("max.connections.per.ip.overrides", bad)) << bad;
  }
}

}  // namespace
}  // namespace leat
