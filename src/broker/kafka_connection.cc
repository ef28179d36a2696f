#include "broker/kafka_connection.h"

#include <algorithm>

#include "broker/access/sasl_session.h"

namespace leat {

KafkaConnection::KafkaConnection(Service& service, Broker& broker, std::shared_ptr<Connection> connection,
                                 uint64_t number)
    : service_(service),
      broker_(broker),
      connection_(std::move(connection)),
      client_(std::make_shared<Client>()),
      active_(broker.monotonic()) {
  client_->connection = number;
  client_->peer = connection_->peer();
  client_->unacknowledged_bytes = [weak = std::weak_ptr(connection_)]() -> uint64_t {
    auto known = weak.lock();
    return known ? known->unacknowledged_bytes() : 0;
  };
  if (!broker.settings().security.sasl()) {
    std::string subject = connection_->peer_subject();
    if (!subject.empty()) client_->principal = "User:" + subject;
    return;
  }
  client_->sasl = std::make_shared<SaslSession>(broker, [weak = std::weak_ptr(connection_)](const std::string& why) {
    if (auto open = weak.lock()) open->close(why);
  });
}

void KafkaConnection::on_bytes(BytesView bytes) {
  active_ = broker_.monotonic();
  while (!bytes.empty() && !ended_) {
    bytes.remove_prefix(frame_ ? frame_->append(bytes) : take_length(bytes));
    if (frame_ && frame_->missing() == 0) take_frame();
  }
  if (!ended_) pace();
}

std::span<char> KafkaConnection::room() {
  return frame_ && frame_->missing() >= kReadIntoFrameMin ? frame_->room() : std::span<char>();
}

void KafkaConnection::on_filled(size_t count) {
  active_ = broker_.monotonic();
  frame_->fill(count);
  if (frame_->missing() == 0) take_frame();
  if (!ended_) pace();
}

void KafkaConnection::when_closed(std::function<void()> call) {
  client_->when_closed.push_back([call = std::move(call)](const std::string&) { call(); });
}

void KafkaConnection::close(const std::string& why) {
  ended_ = true;
  if (connection_) connection_->close(why);
}

void KafkaConnection::hold(bool on) {
  held_ = on;
  active_ = broker_.monotonic();
  if (connection_) pace();
}

void KafkaConnection::hold_for(int64_t ms) {
  client_->held_until = {broker_.monotonic().value + ms * kNsPerMs};
  if (connection_) pace();
}

bool KafkaConnection::is_idle_since(Instant since) const {
  return !held_ && slots_.empty() && active_.value <= since.value;
}

size_t KafkaConnection::take_length(BytesView bytes) {
  size_t size = std::min(bytes.size(), length_.size() - length_bytes_);
  std::copy_n(bytes.begin(), size, length_.begin() + static_cast<ptrdiff_t>(length_bytes_));
  length_bytes_ += size;
  if (length_bytes_ < length_.size()) return size;
  length_bytes_ = 0;
  auto length = load_big<int32_t>(length_.data());
  if (Status good = check_length(length); !good) {
    close(good.error().message);
    return size;
  }
  frame_ = std::make_shared<RequestFrame>(static_cast<size_t>(length));
  return size;
}

Status KafkaConnection::check_length(int32_t length) const {
  const BrokerSettings& settings = broker_.settings();
  bool proving = client_->sasl && !client_->sasl->is_proved();
  int64_t most =
      proving ? std::min(settings.security.token_bytes_max, settings.request_bytes_max) : settings.request_bytes_max;
  if (length >= 0 && length <= most) return {};
  return Error{Errc::kInvalidArgument, "a request of " + std::to_string(length) +
                                           " bytes: not Kafka's protocol, or beyond " +
                                           (proving ? "sasl.server.max.receive.size" : "socket.request.max.bytes") +
                                           " = " + std::to_string(most)};
}

void KafkaConnection::take_frame() {
  auto frame = std::exchange(frame_, nullptr);
  auto slot = std::make_shared<Slot>();
  slot->request_bytes = frame->size();
  unanswered_bytes_ += slot->request_bytes;
  slots_.push_back(slot);
  auto reply = [weak = weak_from_this(), slot](std::optional<Outgoing> response) {
    CHECK(!slot->ready);
    slot->ready = true;
    slot->response = std::move(response);
    if (auto self = weak.lock()) self->send_ready();
  };
  Instant began = broker_.monotonic();
  Status called = service_.call(client_, std::move(frame), std::move(reply));
  client_->worked_ns += broker_.monotonic().value - began.value;
  if (!called && !ended_) close(called.error().message);
}

void KafkaConnection::send_ready() {
  while (!slots_.empty() && slots_.front()->ready) {
    auto slot = std::move(slots_.front());
    slots_.pop_front();
    unanswered_bytes_ -= slot->request_bytes;
    if (slot->response && connection_) connection_->send(std::move(*slot->response));
  }
  if (connection_) pace();
}

void KafkaConnection::pace() {
  bool on = !is_held() && slots_.size() < kRequestsMax && unanswered_bytes_ < kUnansweredBytesMax &&
            connection_->queued_bytes() < kQueuedBytesMax;
  if (on == reading_) return;
  reading_ = on;
  connection_->read(on);
}

bool KafkaConnection::is_held() {
  int64_t left_ns = client_->held_until.value == 0 ? 0 : client_->held_until.value - broker_.monotonic().value;
  if (left_ns <= 0) {
    client_->held_until = {};
    return held_;
  }
  if (release_) return true;  // It looks again.
  release_ = broker_.loop().after(left_ns / kNsPerMs + 1, [weak = weak_from_this()] {
    auto self = weak.lock();
    if (!self) return;
    self->release_.reset();
    if (self->connection_) self->pace();
  });
  return true;
}

void KafkaConnection::on_sent() {
  active_ = broker_.monotonic();
  if (connection_) pace();
}

void KafkaConnection::on_closed(const std::string& why) {
  ended_ = true;
  connection_.reset();
  slots_.clear();
  for (auto& call : std::exchange(client_->when_closed, {})) call(why);
}

}  // namespace leat
