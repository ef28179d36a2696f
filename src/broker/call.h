#pragma once
// Call: one request of a client while it is served.
#include <functional>
#include <memory>

#include "broker/request_frame.h"
#include "env/loop.h"
#include "protocol/header.h"

namespace leat {

class SaslSession;

// What a connection knows of who is at its other end.
struct Client {
  uint64_t connection = 0;  // Numbered from 1 since the start.
  Endpoint peer;
  std::string id;                               // Of the newest request; the client chooses it.
  std::string software_name, software_version;  // From ApiVersions, version 3 on (KIP-511); else empty.

  // Called once when the connection is closed. What they use may be gone by then: that is theirs to know.
  std::vector<std::function<void(const std::string& why)>> when_closed{};
  // How much of what was sent has not arrived at the peer's machine, as far as is known. Empty: nothing is known.
  std::function<uint64_t()> unacknowledged_bytes{};
  std::string principal = "User:ANONYMOUS";  // Who it is, as far as it was proved.
  std::shared_ptr<SaslSession> sasl;         // Null: nothing has to be proved.

  // What its quotas have made of it (quota/client_quotas.h).
  int64_t worked_ns = 0;  // Time that went into its requests and was not charged yet.
  int64_t wait_ms = 0;    // That the next response is to tell it.
  Instant held_until{0};  // Nothing is read from it before.
};

// What a served request has cost.
struct RequestCost {
  int16_t key = 0;
  uint64_t request_bytes = 0, response_bytes = 0;  // 0: no response.
};

// The frame is what the views in the decoded request point into.
struct Call {
  std::shared_ptr<Client> client;
  std::shared_ptr<const RequestFrame> frame;
  int16_t version = 0;
};

// Answers a call, once, now or later, on the loop's thread. Never: the connection waits for it for ever.
template <class Api>
class Respond {
 public:
  using Response = typename Api::Response;

  Respond() = default;
  Respond(std::nullptr_t) {}
  // `answer(const Response*)`; null: nothing is sent.
  template <class F>
  requires std::is_invocable_v<F, const Response*> Respond(F answer) : answer_(std::move(answer)) {}

  void operator()(const Response& response) const { answer_(&response); }
  void with_nothing() const { answer_(nullptr); }
  explicit operator bool() const { return bool(answer_); }

 private:
  std::function<void(const Response*)> answer_;
};

}  // namespace leat
