#include "broker/kafka_connection.h"

#include <algorithm>

namespace leat {
namespace {

constexpr size_t kLengthBytes = 4;

}  // namespace

KafkaConnection::KafkaConnection(Service& service, std::shared_ptr<Connection> connection, uint64_t number,
                                 uint64_t request_bytes_max)
    : service_(service),
      connection_(std::move(connection)),
      client_(std::make_shared<Client>()),
      request_bytes_max_(request_bytes_max) {
  client_->connection = number;
  client_->peer = connection_->peer();
}

void KafkaConnection::on_bytes(BytesView bytes) {
  while (!bytes.empty() && connection_) {
    size_t due = received_.size() < kLengthBytes ? kLengthBytes : kLengthBytes + wanted_;
    size_t size = std::min(bytes.size(), due - received_.size());
    received_ += bytes.substr(0, size);
    bytes.remove_prefix(size);
    if (received_.size() == kLengthBytes) {
      auto length = load_big<int32_t>(received_.data());
      if (length < 0 || static_cast<uint64_t>(length) > request_bytes_max_) {
        return connection_->close("a request of " + std::to_string(length) +
                                  " bytes: not Kafka's protocol, or beyond " +
                                  "socket.request.max.bytes = " + std::to_string(request_bytes_max_));
      }
      wanted_ = static_cast<uint64_t>(length);
    }
    if (received_.size() == kLengthBytes + wanted_) take_frame();
  }
  if (connection_) pace();
}

void KafkaConnection::take_frame() {
  auto frame = std::make_shared<Bytes>(received_.substr(kLengthBytes));
  received_.clear();
  wanted_ = 0;
  auto slot = std::make_shared<Slot>();
  slots_.push_back(slot);
  auto reply = [weak = weak_from_this(), slot](std::optional<Outgoing> response) {
    CHECK(!slot->ready);
    slot->ready = true;
    slot->response = std::move(response);
    if (auto self = weak.lock()) self->send_ready();
  };
  Status called = service_.call(client_, std::move(frame), std::move(reply));
  if (!called && connection_) connection_->close(called.error().message);
}

void KafkaConnection::send_ready() {
  while (!slots_.empty() && slots_.front()->ready) {
    auto slot = std::move(slots_.front());
    slots_.pop_front();
    if (slot->response && connection_) connection_->send(std::move(*slot->response));
  }
  if (connection_) pace();
}

void KafkaConnection::pace() {
  bool on = slots_.size() < kRequestsMax && connection_->queued_bytes() < kQueuedBytesMax;
  if (on == reading_) return;
  reading_ = on;
  connection_->read(on);
}

void KafkaConnection::on_sent() {
  if (connection_) pace();
}

void KafkaConnection::on_closed(const std::string&) {
  connection_.reset();
  slots_.clear();
}

}  // namespace leat
