#pragma once
// KafkaConnection: cuts what a client sends into requests, and sends the responses in the order of the requests, as
// Kafka promises, whatever the order in which they become ready.
//
// Memory is bounded: a request may have socket.request.max.bytes, before the client has proved who it is
// sasl.server.max.receive.size; a client that has kRequestsMax unanswered requests, or kUnansweredBytesMax bytes of
// them, or does not read its responses, is not read from until it has caught up.
#include <array>
#include <deque>

#include "broker/broker.h"

namespace leat {

class KafkaConnection final : public ConnectionHandler, public std::enable_shared_from_this<KafkaConnection> {
 public:
  // Both outlive it.
  KafkaConnection(Service& service, Broker& broker, std::shared_ptr<Connection> connection, uint64_t number);

  void on_bytes(BytesView) override;
  std::span<char> room() override;
  void on_filled(size_t) override;
  void on_sent() override;
  void on_closed(const std::string& why) override;

  // Called once, after it was closed by whichever side.
  void when_closed(std::function<void()>);
  void close(const std::string& why);  // What else it sent is not looked at.
  // While it is held nothing is read from it.
  void hold(bool on);
  void hold_for(int64_t ms);
  // Whether nothing came or went since then, and nothing is to be answered. A held one is not idle: it waits for us.
  bool is_idle_since(Instant) const;

 private:
  struct Slot {
    size_t request_bytes = 0;
    bool ready = false;
    std::optional<Outgoing> response;
  };
  static constexpr size_t kRequestsMax = 100;
  static constexpr uint64_t kQueuedBytesMax = 4 << 20;
  static constexpr uint64_t kUnansweredBytesMax = 32 << 20;

  static constexpr size_t kReadIntoFrameMin = 64 << 10;  // With less missing, the next requests are read with it.

  // How much of `bytes` was taken.
  size_t take_length(BytesView bytes);
  Status check_length(int32_t length) const;
  void take_frame();
  void send_ready();
  void pace();
  bool is_held();

  Service& service_;
  Broker& broker_;
  std::shared_ptr<Connection> connection_;  // Null once it is closed.
  std::shared_ptr<Client> client_;
  std::array<char, sizeof(int32_t)> length_{};
  size_t length_bytes_ = 0;              // As much of the length as has come.
  std::shared_ptr<RequestFrame> frame_;  // The beginning of a request; null before its length is known.
  uint64_t unanswered_bytes_ = 0;
  std::deque<std::shared_ptr<Slot>> slots_;
  Instant active_;  // When something came or had gone.
  bool held_ = false;
  std::unique_ptr<Loop::Timer> release_;  // At the end of Client::held_until.
  bool reading_ = true;
  bool ended_ = false;
};

}  // namespace leat
