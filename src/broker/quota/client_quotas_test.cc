// Quotas, as clients feel them: what responses say, and when the next request is served.
#include "broker/quota/client_quotas.h"

#include <gtest/gtest.h>

#include "log/record_batch_builder.h"
#include "protocol/all.h"
#include "sim/kafka_client.h"

namespace leat {
namespace {

using protocol::ErrorCode;
using Part = std::pair<std::string, std::optional<std::string>>;

class ClientQuotasTest : public testing::Test {
 protected:
  ClientQuotasTest() { create("t", 1); }

  void set(const std::vector<Part>& entity, const std::string& key, double value) {
    protocol::AlterClientQuotasRequest request;
    auto& entry = request.entries.emplace_back();
    for (const auto& [type, name] : entity) entry.entity.push_back({type, name});
    entry.ops.push_back({key, value, false});
    ASSERT_EQ(admin.call<protocol::AlterClientQuotas>(request).entries[0].error_code, 0);
  }
  ErrorCode create(const std::string& name, int32_t partitions, int16_t version = 7) {
    protocol::CreateTopicsRequest request;
    request.topics.push_back({name, partitions, 1, {}, {}});
    auto response = admin.call<protocol::CreateTopics>(request, version);
    throttle_ms = response.throttle_time_ms;
    return ErrorCode{response.topics[0].error_code};
  }
  // For how long the client is told to wait.
  int32_t produce(TestClient& client, size_t bytes) {
    RecordBatchBuilder builder;
    std::string value(bytes, 'x');
    builder.add(broker.sim.clock().wall(), std::nullopt, BytesView(value));
    auto finished = builder.finish({});
    Bytes batch(finished.data(), finished.size());
    protocol::ProduceRequest request;
    request.acks = -1;
    request.topic_data.push_back({"t", {}, {{0, Records{batch, {}}}}});
    auto response = client.call<protocol::Produce>(request, 9);
    EXPECT_EQ(response.responses[0].partition_responses[0].error_code, 0);
    return response.throttle_time_ms;
  }
  int32_t fetch(TestClient& client) {
    protocol::FetchRequest request;
    request.topics.push_back({});
    request.topics[0].topic = "t";
    auto& asked = request.topics[0].partitions.emplace_back();
    asked.partition_max_bytes = 1 << 20;
    return client.call<protocol::Fetch>(request, 11).throttle_time_ms;
  }
  // Whether a request is answered at once.
  static bool is_served(TestClient& client) {
    client.send<protocol::ApiVersions>({}, 0);
    return client.receive<protocol::ApiVersions>(0).has_value();
  }

  TestBroker broker;
  TestClient admin{broker, "admin"}, first{broker, "first"}, second{broker, "second"};
  int32_t throttle_ms = 0;
};

TEST_F(ClientQuotasTest, AProducerThatIsTooFastWaits) {
  set({{"client-id", "first"}}, "producer_byte_rate", 1000);
  EXPECT_EQ(produce(first, 9'000), 0);  // What comes in ten windows may come at once.
  int32_t wait_ms = produce(first, 2'000);
  EXPECT_GT(wait_ms, 1'000);
  EXPECT_LT(wait_ms, 1'500);
  EXPECT_FALSE(is_served(first));
  EXPECT_EQ(produce(second, 20'000), 0);
  broker.loop.advance_ms(wait_ms - 100);
  EXPECT_FALSE(first.receive<protocol::ApiVersions>(0));
  broker.loop.advance_ms(102);
  EXPECT_TRUE(first.receive<protocol::ApiVersions>(0));
  EXPECT_GT(produce(first, 100), 0);
}

TEST_F(ClientQuotasTest, AConsumerThatIsTooFastWaits) {
  EXPECT_EQ(produce(second, 30'000), 0);
  set({{"client-id", std::nullopt}}, "consumer_byte_rate", 1000);
  int32_t wait_ms = fetch(first);
  EXPECT_EQ(wait_ms, 10'000);  // No longer than all windows, whatever it owes.
  EXPECT_FALSE(is_served(first));
  broker.loop.advance_ms(10'001);
  EXPECT_TRUE(first.receive<protocol::ApiVersions>(0));
}

TEST_F(ClientQuotasTest, TheMostSpecialOneHolds) {
  set({{"user", std::nullopt}}, "producer_byte_rate", 100);
  set({{"user", "ANONYMOUS"}, {"client-id", "first"}}, "producer_byte_rate", 1e9);
  EXPECT_EQ(produce(first, 10'000), 0);
  EXPECT_GT(produce(second, 10'000), 0);
  set({{"user", "ANONYMOUS"}, {"client-id", "first"}}, "producer_byte_rate", 10);
  EXPECT_GT(produce(first, 10'000), 0);
}

TEST_F(ClientQuotasTest, AQuotaOfAUserIsSharedByItsClients) {
  set({{"user", "ANONYMOUS"}}, "producer_byte_rate", 1000);
  EXPECT_EQ(produce(first, 6'000), 0);
  EXPECT_GT(produce(second, 6'000), 0);
}

TEST_F(ClientQuotasTest, WhoeverTakesTooMuchOfTheProcessorWaits) {
  set({{"client-id", "first"}}, "request_percentage", 1e-6);
  EXPECT_EQ(produce(second, 10), 0);
  EXPECT_GT(produce(first, 10), 0);
}

TEST_F(ClientQuotasTest, PartitionsAreMadeAtARate) {
  set({{"client-id", "admin"}}, "controller_mutation_rate", 1);
  EXPECT_EQ(create("a", 12), ErrorCode::kNone);  // One more than eleven windows.
  EXPECT_EQ(throttle_ms, 0);
  EXPECT_EQ(create("b", 1), ErrorCode::kThrottlingQuotaExceeded);
  EXPECT_GT(throttle_ms, 0);
  broker.loop.advance_ms(2'000);
  EXPECT_EQ(create("b", 5), ErrorCode::kNone);
  EXPECT_EQ(create("c", 1, 5), ErrorCode::kNone);  // It does not know the error, and waits.
  EXPECT_GT(throttle_ms, 0);
}

TEST_F(ClientQuotasTest, ConnectionsComeAtARate) {
  set({{"ip", "127.0.0.1"}}, "connection_creation_rate", 1);
  std::vector<std::unique_ptr<TestClient>> clients;
  size_t served = 0;
  for (int i = 0; i < 12; ++i) {
    clients.push_back(std::make_unique<TestClient>(broker, "another"));
    served += is_served(*clients.back()) ? 1 : 0;
  }
  EXPECT_EQ(served, 10u);
  broker.loop.advance_ms(3'000);
  EXPECT_TRUE(clients.back()->receive<protocol::ApiVersions>(0));
}

}  // namespace
}  // namespace leat
