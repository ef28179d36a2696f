// Framing, order and limits of connections, whatever is asked.
#include <gtest/gtest.h>

#include "protocol/all.h"
#include "sim/kafka_client.h"

namespace leat {
namespace {

using protocol::ErrorCode;

TEST(Service, AnswersApiVersionsInEveryVersion) {
  TestBroker broker;
  for (int16_t version = 0; version <= 4; ++version) {
    TestClient client(broker);
    protocol::ApiVersionsRequest request;
    request.client_software_name = "test";
    auto response = client.call<protocol::ApiVersions>(request, version);
    EXPECT_EQ(response.error_code, 0);
    EXPECT_GT(response.api_keys.size(), 10u);
  }
}

// librdkafka sends the newest version that it knows; an older broker answers so that it can try again.
TEST(Service, AnswersANewerApiVersionsInVersion0) {
  TestBroker broker;
  TestClient client(broker);
  client.send<protocol::ApiVersions>({}, 4);
  client.receive<protocol::ApiVersions>(4);
  Bytes frame(4, '\0');
  protocol::encode_request_header(frame, {18, 99, 5, "new"}, true);
  frame += "whatever comes then";
  store_big(frame.data(), static_cast<int32_t>(frame.size() - 4));
  client.peer().send(frame);
  auto response = client.receive<protocol::ApiVersions>(0);
  ASSERT_TRUE(response);
  EXPECT_EQ(response->error_code, static_cast<int16_t>(ErrorCode::kUnsupportedVersion));
  EXPECT_FALSE(response->api_keys.empty());
}

// librdkafka 2.15 writes the count of no topics in four bytes where one is meant.
TEST(Service, PassesOverWhatStandsBehindARequest) {
  TestBroker broker;
  TestClient client(broker);
  Bytes frame(4, '\0');
  protocol::encode_request_header(frame, {3, 13, 5, "x"}, true);
  frame += Bytes("\0\0\0\0\1\0\0", 7);
  store_big(frame.data(), static_cast<int32_t>(frame.size() - 4));
  client.peer().send(frame);
  auto response = client.receive<protocol::Metadata>(13);
  ASSERT_TRUE(response);
  EXPECT_EQ(response->brokers.size(), 1u);
}

TEST(Service, AdvertisesProduceFromVersion0) {
  TestBroker broker;
  TestClient client(broker);
  auto response = client.call<protocol::ApiVersions>({});
  auto produce = std::find_if(response.api_keys.begin(), response.api_keys.end(),
                              [](const auto& api) { return api.api_key == 0; });
  ASSERT_NE(produce, response.api_keys.end());
  EXPECT_EQ(produce->min_version, 0);
}

TEST(Service, ClosesOnWhatIsNotServed) {
  for (auto [key, version] : {std::pair<int16_t, int16_t>{3, 99}, {999, 0}, {0, 2}, {-1, 0}}) {
    TestBroker broker;
    TestClient client(broker);
    Bytes frame(4, '\0');
    protocol::encode_request_header(frame, {key, version, 1, "x"}, false);
    store_big(frame.data(), static_cast<int32_t>(frame.size() - 4));
    client.peer().send(frame);
    broker.loop.run();
    ASSERT_TRUE(client.peer().closed()) << key;
    EXPECT_NE(client.peer().closed()->find("is not served"), std::string::npos);
  }
}

TEST(Service, ClosesOnGarbageAndGoesOnForOthers) {
  TestBroker broker;
  TestClient other(broker);
  for (Bytes garbage : {Bytes("GET / HTTP/1.1\r\n\r\n"), Bytes("\0\0\0\4abcd", 8), Bytes("\xff\xff\xff\xff", 4),
                        Bytes("\0\0\0\x0e\0\3\0\xc\0\0\0\1\xff\xff\0\x7f\x7f\x7f", 18)}) {
    TestClient client(broker);
    client.peer().send(garbage);
    broker.loop.run();
    EXPECT_TRUE(client.peer().closed()) << garbage;
  }
  EXPECT_EQ(other.call<protocol::ApiVersions>({}).error_code, 0);
}

TEST(Service, TakesARequestByteByByte) {
  TestBroker broker;
  TestClient client(broker);
  Bytes frame(4, '\0');
  protocol::encode_request_header(frame, {18, 0, 77, "slow"}, false);
  store_big(frame.data(), static_cast<int32_t>(frame.size() - 4));
  for (char byte : frame) {
    client.peer().send(BytesView(&byte, 1));
    broker.loop.run();
  }
  ASSERT_TRUE(client.receive<protocol::ApiVersions>(0));
  EXPECT_EQ(client.last_correlation, 77);
}

TEST(Service, AnswersInTheOrderOfTheRequests) {
  TestBroker broker;
  TestClient client(broker);
  // A fetch that waits, and something that is there at once: the latter must not overtake.
  broker.settings.num_partitions = 1;
  protocol::MetadataRequest metadata;
  metadata.topics.emplace().push_back({{}, "t"});
  client.call<protocol::Metadata>(metadata);
  protocol::FetchRequest fetch;
  fetch.max_wait_ms = 500;
  fetch.min_bytes = 1;
  fetch.topics.push_back({});
  fetch.topics[0].topic = "t";
  fetch.topics[0].partitions.push_back({});
  fetch.topics[0].partitions[0].partition_max_bytes = 1000;
  int32_t first = client.send<protocol::Fetch>(fetch, 11);
  int32_t second = client.send<protocol::ApiVersions>({}, 0);
  EXPECT_FALSE(client.receive<protocol::Fetch>(11));
  broker.loop.advance_ms(500);
  ASSERT_TRUE(client.receive<protocol::Fetch>(11));
  EXPECT_EQ(client.last_correlation, first);
  ASSERT_TRUE(client.receive<protocol::ApiVersions>(0));
  EXPECT_EQ(client.last_correlation, second);
}

TEST(Service, ReadsNoMoreFromAClientThatIsFarAhead) {
  TestBroker broker;
  TestClient client(broker);
  protocol::MetadataRequest metadata;
  metadata.topics.emplace().push_back({{}, "t"});
  client.call<protocol::Metadata>(metadata);
  protocol::FetchRequest fetch;
  fetch.max_wait_ms = 1000;
  fetch.min_bytes = 1;
  fetch.topics.push_back({});
  fetch.topics[0].topic = "t";
  fetch.topics[0].partitions.push_back({});
  constexpr int kRequests = 250;
  for (int i = 0; i < kRequests; ++i) {
    client.send<protocol::Fetch>(fetch, 11);
    broker.loop.run();
  }
  int answered = 0;
  for (int turn = 0; turn < 10; ++turn) {
    broker.loop.advance_ms(1000);
    while (client.receive<protocol::Fetch>(11)) ++answered;
  }
  EXPECT_EQ(answered, kRequests);  // Late, and none lost.
}

}  // namespace
}  // namespace leat
