// The client against brokers that answer with whatever bytes: it ends with an error that says so, and takes no memory
// that was only promised.
#include <gtest/gtest.h>

#include "client/cluster.h"
#include "client/partition_reader.h"
#include "protocol/api_versions.h"
#include "protocol/metadata.h"
#include "sim/sim_env.h"

namespace leat {
namespace {

using namespace client;

// Answers each request with what `answer` makes of its correlation id and key; closes when there is nothing.
class Scripted final : public Dialer {
 public:
  using Answers = std::function<Bytes(int16_t key, int16_t version, int32_t correlation_id)>;
  explicit Scripted(Answers answer) : answer_(std::move(answer)) {}
  Result<std::unique_ptr<NetStream>> dial(const Endpoint&, Instant) override {
    return std::unique_ptr<NetStream>(std::make_unique<Stream>(answer_));
  }

 private:
  class Stream final : public NetStream {
   public:
    explicit Stream(Answers& answer) : answer_(answer) {}
    Status write(BytesView request, Instant) override {
      received_ = answer_(load_big<int16_t>(request.data() + 4), load_big<int16_t>(request.data() + 6),
                          load_big<int32_t>(request.data() + 8));
      return {};
    }
    Result<size_t> read(std::span<char> into, Instant) override {
      size_t size = std::min(into.size(), received_.size());
      std::copy_n(received_.begin(), size, into.begin());
      received_.erase(0, size);
      return size;
    }

   private:
    Answers& answer_;
    Bytes received_;
  };
  Answers answer_;
};

template <class Api>
Bytes frame_of(int16_t version, int32_t correlation_id, const typename Api::Response& response) {
  Bytes out(4, '\0');
  protocol::encode_response_header(out, correlation_id, protocol::response_header_is_flexible(Api::kInfo, version));
  Encoder encoder(out, Api::kInfo.flexible(version));
  encode(encoder, version, response);
  store_big(out.data(), static_cast<int32_t>(out.size() - 4));
  return out;
}

Bytes versions_frame(int16_t version, int32_t correlation_id) {
  protocol::ApiVersionsResponse response;
  response.api_keys = {{3, 0, 12}, {18, 0, 4}};
  return frame_of<protocol::ApiVersions>(version, correlation_id, response);
}

Result<std::unique_ptr<Cluster>> connect(Scripted::Answers answer) {
  static sim::SimEnv sim(1);
  static std::unique_ptr<Scripted> dialer;
  dialer = std::make_unique<Scripted>(std::move(answer));
  ClientOptions options;
  options.bootstrap = {{"broker", 9092}};
  return Cluster::connect(options, sim.clock(), *dialer);
}

TEST(HostileBroker, ALengthThatIsNoneIsSaid) {
  auto cluster = connect([](auto...) { return Bytes("HTTP/1.1 400 Bad Request\r\n\r\n"); });
  ASSERT_FALSE(cluster);
  EXPECT_EQ(cluster.error().code, Errc::kCorruption);
  EXPECT_NE(cluster.error().message.find("broker:9092: ApiVersions: the response's length"), std::string::npos)
      << cluster.error().message;
}

TEST(HostileBroker, ItHangsUp) {
  auto cluster = connect([](auto...) { return Bytes(); });
  ASSERT_FALSE(cluster);
  EXPECT_EQ(cluster.error().code, Errc::kIo);
}

TEST(HostileBroker, AnotherRequestIsAnswered) {
  auto cluster = connect([](int16_t, int16_t version, int32_t id) { return versions_frame(version, id + 1); });
  ASSERT_FALSE(cluster);
  EXPECT_EQ(cluster.error().code, Errc::kCorruption);
}

TEST(HostileBroker, AnOldOneIsAskedInVersion0) {
  std::vector<int16_t> asked;
  auto cluster = connect([&](int16_t key, int16_t version, int32_t id) {
    if (key != 18) return frame_of<protocol::Metadata>(version, id, {});
    asked.push_back(version);
    protocol::ApiVersionsResponse too_new;
    too_new.error_code = 35;
    return version > 0 ? frame_of<protocol::ApiVersions>(0, id, too_new) : versions_frame(version, id);
  });
  ASSERT_TRUE(cluster) << cluster.error().message;
  EXPECT_EQ(asked, (std::vector<int16_t>{4, 3, 0}));
}

// Every prefix of a good answer, and every one with a byte changed: an error or an answer, and never a crash.
TEST(HostileBroker, CutAndFlippedAnswers) {
  protocol::MetadataResponse good;
  good.brokers.push_back({1, "broker", 9092, std::nullopt});
  good.topics.emplace_back().name = "t";
  good.topics[0].partitions.emplace_back().leader_id = 1;
  size_t size = frame_of<protocol::Metadata>(12, 0, good).size() - 4;
  for (size_t at = 0; at < 2 * size; ++at) {
    auto cluster = connect([&](int16_t key, int16_t version, int32_t id) {
      if (key == 18) return versions_frame(version, id);
      Bytes frame = frame_of<protocol::Metadata>(version, id, good);
      if (at < size) {
        frame.resize(4 + at);
        store_big(frame.data(), static_cast<int32_t>(at));
      } else {
        frame[4 + at - size] = static_cast<char>(frame[4 + at - size] ^ 0xff);
      }
      return frame;
    });
    EXPECT_TRUE(at >= size || !cluster) << at;
  }
}

}  // namespace
}  // namespace leat
