#pragma once
// KafkaConnection: cuts what a client sends into requests, and sends the responses in the order of the requests, as
// Kafka promises, whatever the order in which they become ready.
//
// Memory is bounded: a request may have request_bytes_max bytes; a client that has kRequestsMax unanswered requests, or
// does not read its responses, is not read from until it has caught up.
#include <deque>

#include "broker/service.h"

namespace leat {

class KafkaConnection final : public ConnectionHandler, public std::enable_shared_from_this<KafkaConnection> {
 public:
  KafkaConnection(Service& service, std::shared_ptr<Connection> connection, uint64_t number,
                  uint64_t request_bytes_max);

  void on_bytes(BytesView) override;
  void on_sent() override;
  void on_closed(const std::string& why) override;

 private:
  struct Slot {
    bool ready = false;
    std::optional<Outgoing> response;
  };
  static constexpr size_t kRequestsMax = 100;
  static constexpr uint64_t kQueuedBytesMax = 4 << 20;

  void take_frame();
  void send_ready();
  void pace();

  Service& service_;
  std::shared_ptr<Connection> connection_;  // Null once it is closed.
  std::shared_ptr<Client> client_;
  uint64_t request_bytes_max_;
  Bytes received_;       // The beginning of a request, its length first.
  uint64_t wanted_ = 0;  // How long received_ becomes; 0: not known yet.
  std::deque<std::shared_ptr<Slot>> slots_;
  bool reading_ = true;
};

}  // namespace leat
