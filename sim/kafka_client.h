#pragma once
// For tests: a client of a broker on simulated clock, disk and network. It speaks Kafka's protocol as real ones do.
#include <gtest/gtest.h>

#include "broker/api/api.h"
#include "broker/connections.h"
#include "sim/sim_env.h"
#include "sim/sim_loop.h"

namespace leat {

// A broker, and what it lives on.
class TestBroker {
 public:
  explicit TestBroker(uint64_t seed = 1) : sim(seed), loop(sim.clock()), settings(patient()) { start(); }
  explicit TestBroker(BrokerSettings set) : sim(1), loop(sim.clock()), settings(std::move(set)) { start(); }
  struct NotStarted {};
  TestBroker(uint64_t seed, NotStarted) : sim(seed), loop(sim.clock()), settings(patient()) {}
  ~TestBroker() { stop(); }

  // Clients of tests do not connect again, however much time passes.
  static BrokerSettings patient() {
    BrokerSettings settings;
    settings.connections_idle_ms_max = -1;
    return settings;
  }

  void start() { CHECK(try_start()); }
  // A disk that fails is an error here.
  Status try_start() {
    TRY_ASSIGN(broker, Broker::open(env(), loop, "/broker", settings));
    service = std::make_unique<Service>();
    api::serve_all(*service, *broker);
    connections = std::make_unique<Connections>(*service, *broker);
    CHECK(loop.listen({"127.0.0.1", 9092}, [this](std::shared_ptr<Connection> connection) {
      return connections->accept(std::move(connection));
    }));
    broker->set_advertised({"127.0.0.1", 9092});
    return {};
  }
  void stop() {
    loop.run();
    connections.reset();
    service.reset();
    broker.reset();
  }

  Env env() {
    Env env = sim.env();
    return {env.clock, files == nullptr ? env.files : *files, env.random, env.workers};
  }
  // As kill -9: what it was about to do it never does.
  void die() {
    loop.die();
    connections.reset();
    service.reset();
    broker.reset();
  }

  sim::SimEnv sim;
  FileSystem* files = nullptr;  // Instead of the simulated disk, which it passes things on to.
  sim::SimLoop loop;
  BrokerSettings settings;
  std::unique_ptr<Broker> broker;
  std::unique_ptr<Service> service;
  std::unique_ptr<Connections> connections;
};

class TestClient {
 public:
  explicit TestClient(TestBroker& broker, std::string id = "tester")
      : broker_(broker), peer_(broker.loop.connect()), id_(std::move(id)) {}
  ~TestClient() {
    peer_->close();
    broker_.loop.run();
  }

  // Sends, and does not wait. Returns the correlation id.
  template <class Api>
  int32_t send(const typename Api::Request& request, int16_t version = Api::kInfo.last) {
    Bytes frame(4, '\0');
    bool flexible = Api::kInfo.flexible(version);
    protocol::encode_request_header(frame, {Api::kInfo.key, version, ++correlation_, id_}, flexible);
    Encoder encoder(frame, flexible);
    encode(encoder, version, request);
    store_big(frame.data(), static_cast<int32_t>(frame.size() - 4));
    peer_->send(frame);
    return correlation_;
  }
  // The next response, if it is there.
  template <class Api>
  std::optional<typename Api::Response> receive(int16_t version = Api::kInfo.last) {
    broker_.loop.run();
    received_ += peer_->take_received();
    if (received_.size() < 4) return std::nullopt;
    auto size = static_cast<size_t>(load_big<int32_t>(received_.data()));
    if (received_.size() < 4 + size) return std::nullopt;
    last_frame_ = received_.substr(4, size);
    received_.erase(0, 4 + size);
    BytesView in = last_frame_;
    auto id = protocol::decode_response_header(in, protocol::response_header_is_flexible(Api::kInfo, version));
    EXPECT_TRUE(id);
    last_correlation = id ? *id : -1;
    typename Api::Response response;
    Decoder decoder(in, Api::kInfo.flexible(version));
    decode(decoder, version, response);
    EXPECT_TRUE(decoder.finish());
    return response;
  }
  template <class Api>
  typename Api::Response call(const typename Api::Request& request, int16_t version = Api::kInfo.last) {
    send<Api>(request, version);
    auto response = receive<Api>(version);
    EXPECT_TRUE(response) << Api::kInfo.name << " was not answered";
    return response.value_or(typename Api::Response());
  }
  sim::SimPeer& peer() { return *peer_; }

  int32_t last_correlation = -1;

 private:
  TestBroker& broker_;
  std::shared_ptr<sim::SimPeer> peer_;
  std::string id_;
  int32_t correlation_ = 0;
  Bytes received_, last_frame_;
};

}  // namespace leat
