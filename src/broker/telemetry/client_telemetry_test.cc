// What clients push of themselves (KIP-714), through its protocol.
#include "broker/telemetry/client_telemetry.h"

#include <gtest/gtest.h>

#include <bit>

#include "log/codec.h"
#include "protocol/all.h"
#include "sim/kafka_client.h"

namespace leat {
namespace {

using protocol::ErrorCode;

constexpr const char* kIdle = "org.apache.kafka.consumer.poll.idle.ratio.avg";

Bytes message(int number, const Bytes& content) {
  Bytes out(1, static_cast<char>(number << 3 | 2));
  auto size = content.size();
  for (; size >= 0x80; size >>= 7) out += static_cast<char>(size | 0x80);
  out += static_cast<char>(size);
  return out + content;
}

Bytes gauge(const std::string& name, double value) {
  Bytes point(1, static_cast<char>(4 << 3 | 1));
  for (int i = 0; i < 8; ++i) point += static_cast<char>(std::bit_cast<uint64_t>(value) >> (8 * i));
  return message(1, message(2, message(2, message(1, name) + message(5, message(1, point)))));
}

class TelemetryTest : public testing::Test {
 protected:
  TelemetryTest() : client(broker, "app") {
    subscription = client.call<protocol::GetTelemetrySubscriptions>({});
    request.client_instance_id = subscription.client_instance_id;
    request.subscription_id = subscription.subscription_id;
  }
  ErrorCode push(const Bytes& metrics, Codec codec = Codec::kNone) {
    Bytes compressed = compress(codec, metrics);
    request.compression_type = static_cast<int8_t>(codec);
    request.metrics = compressed;
    return static_cast<ErrorCode>(client.call<protocol::PushTelemetry>(request).error_code);
  }
  const ClientTelemetry::Pushed* pushed() { return broker.broker->telemetry().find("app", "127.0.0.1"); }

  TestBroker broker;
  TestClient client;
  protocol::GetTelemetrySubscriptionsResponse subscription;
  protocol::PushTelemetryRequest request;
};

TEST_F(TelemetryTest, TheNewestOfEachClientIsKept) {
  EXPECT_FALSE(subscription.client_instance_id.is_zero());
  EXPECT_FALSE(subscription.requested_metrics.empty());
  EXPECT_EQ(pushed(), nullptr);
  EXPECT_EQ(push(gauge(kIdle, 0.25) + gauge("org.apache.kafka.unasked", 1), Codec::kZstd), ErrorCode::kNone);
  ASSERT_NE(pushed(), nullptr);
  EXPECT_EQ(pushed()->metrics, (MetricValues{{kIdle, 0.25}}));
  broker.loop.advance_ms(subscription.push_interval_ms);
  EXPECT_EQ(push(gauge(kIdle, 0.5), Codec::kLz4), ErrorCode::kNone);
  EXPECT_EQ(pushed()->metrics.at(kIdle), 0.5);
}

TEST_F(TelemetryTest, PushesAreChecked) {
  EXPECT_EQ(push("\xff\xff"), ErrorCode::kInvalidRecord);
  EXPECT_EQ(push(gauge(kIdle, 1)), ErrorCode::kThrottlingQuotaExceeded);
  broker.loop.advance_ms(subscription.push_interval_ms);
  ++request.subscription_id;
  EXPECT_EQ(push(gauge(kIdle, 1)), ErrorCode::kUnknownSubscriptionId);
  --request.subscription_id;
  request.metrics = {};
  request.compression_type = 9;
  EXPECT_EQ(static_cast<ErrorCode>(client.call<protocol::PushTelemetry>(request).error_code),
            ErrorCode::kUnsupportedCompressionType);
  Uuid id = std::exchange(request.client_instance_id, Uuid());
  EXPECT_EQ(push(gauge(kIdle, 1)), ErrorCode::kInvalidRequest);
  request.client_instance_id = id;
  request.terminating = true;
  EXPECT_EQ(push(gauge(kIdle, 1)), ErrorCode::kNone);
  EXPECT_EQ(push(gauge(kIdle, 1)), ErrorCode::kInvalidRequest);
}

TEST_F(TelemetryTest, BytesThatBecomeTooManyAreRefused) {
  EXPECT_EQ(push(Bytes(64 << 20, '\0'), Codec::kZstd), ErrorCode::kInvalidRecord);
}

TEST(ClientTelemetry, ForgetsWhoWasSilentLongest) {
  ClientTelemetry telemetry;
  for (size_t i = 0; i < ClientTelemetry::kClientsMax + 10; ++i) {
    Uuid id;
    id.bytes[0] = static_cast<uint8_t>(i);
    id.bytes[1] = static_cast<uint8_t>(i >> 8);
    id.bytes[2] = 1;
    telemetry.subscribe(Client(), id, {}, Instant{static_cast<int64_t>(i)});
  }
  EXPECT_EQ(telemetry.size(), ClientTelemetry::kClientsMax);
}

}  // namespace
}  // namespace leat
