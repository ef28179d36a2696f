// Hostile requests to a whole broker on a simulated machine: each input is a conversation of a client that is past its
// greeting. Whatever it says, the broker answers or closes the connection, and its state can be read back.
#include <cstdint>

#include "base/check.h"
#include "broker/api/api.h"
#include "sim/sim_env.h"
#include "sim/sim_loop.h"

namespace {

using namespace leat;

class World {
 public:
  World() : loop_(env_.clock()) {
    start();
    TopicInfo topic;
    topic.name = "t";
    topic.id.bytes[0] = 1;
    topic.partitions = 2;
    broker_->record({broker_event::TopicChanged{topic}}, [](const Status&) {});
    loop_.run();
  }
  ~World() { loop_.die(); }

  // False: the connection was closed.
  bool say(const Bytes& frame) {
    auto request = std::make_shared<RequestFrame>(frame.size());
    for (BytesView rest = frame; !rest.empty();) rest.remove_prefix(request->append(rest));
    bool taken = bool(service_->call(client_, request, [](const std::optional<Outgoing>&) {}));
    loop_.run();
    return taken;
  }
  void wait_ms(int64_t duration_ms) { loop_.advance_ms(duration_ms); }
  std::vector<Service::Range> served() const { return service_->advertised(); }
  void restart() {
    loop_.run();
    loop_.die();
    service_.reset();
    broker_.reset();
    env_.lose_power();
    start();
  }

 private:
  void start() {
    auto opened = Broker::open(env_.env(), loop_, "/broker", {});
    CHECK(opened);
    broker_ = std::move(*opened);
    service_ = std::make_unique<Service>();
    api::serve_all(*service_, *broker_);
  }

  sim::SimEnv env_{1};
  sim::SimLoop loop_;
  std::unique_ptr<Broker> broker_;
  std::unique_ptr<Service> service_;
  std::shared_ptr<Client> client_ = std::make_shared<Client>();
};

// Takes an input apart: the API, the version, how long the body is, and the body.
class Conversation {
 public:
  explicit Conversation(BytesView input) : input_(input) {}

  std::optional<Bytes> next(const std::vector<Service::Range>& served) {
    if (input_.size() < 4) return std::nullopt;
    const Service::Range& api = served[byte(0) % served.size()];
    auto version = static_cast<int16_t>(api.first + byte(1) % (api.last - api.first + 1));
    size_t size = byte(2) * 256 + byte(3);
    input_.remove_prefix(4);
    BytesView body = input_.substr(0, std::min(size, input_.size()));
    input_.remove_prefix(body.size());
    Bytes frame;
    put_big<int16_t>(frame, api.key);
    put_big<int16_t>(frame, version);
    put_big<int32_t>(frame, 7);
    put_big<int16_t>(frame, -1);  // No client id; a flexible header's tags are the body's first byte.
    return frame.append(body);
  }

 private:
  size_t byte(size_t at) const { return static_cast<unsigned char>(input_[at]); }
  BytesView input_;
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  World world;
  auto served = world.served();
  Conversation conversation({reinterpret_cast<const char*>(data), size});
  for (int i = 0; i < 20; ++i) {
    auto frame = conversation.next(served);
    if (!frame || !world.say(*frame)) break;
    if (i % 4 == 3) world.wait_ms(1000);
  }
  world.restart();
  return 0;
}
