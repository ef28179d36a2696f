#pragma once
// SaslSession: how far a connection has come in proving who is at its other end (KIP-43, KIP-152, KIP-368).
//
// Lifecycle: handshake() chooses a mechanism, step() takes the client's tokens until is_proved(). After a failure, or
// without a proof in kLoginMs, the connection is ended. With connections.max.reauth.ms a proof ends with its time, and
// the client may prove itself anew before and after that, as the same user.
// Threads: the loop's.
#include <functional>
#include <memory>

#include "broker/access/security_settings.h"
#include "broker/call.h"
#include "protocol/error_code.h"
#include "security/scram_server.h"

namespace leat {

class Broker;

class SaslSession : public std::enable_shared_from_this<SaslSession> {
 public:
  // `end(why)` closes the connection; it is not called after the session is gone.
  SaslSession(Broker& broker, std::function<void(const std::string& why)> end);

  // Whether a request of this kind may be served now.
  bool admits(int16_t api_key) const;
  bool is_proved() const { return state_ == State::kProved || state_ == State::kProvingAgain; }
  // Since a handshake of version 0 frames are tokens, not requests, until the proof is made.
  bool takes_bare_tokens() const { return bare_tokens_ && state_ == State::kProving; }

  protocol::ErrorCode handshake(const std::string& mechanism, int16_t version);
  // kConflict: no token was expected. Any other error is a failure, and says no more than it should.
  void step(BytesView token, std::function<void(Result<Bytes>)> done);
  const std::string& user() const { return user_; }  // Who it was proved to be.
  int64_t lifetime_ms() const;                       // 0: no end.

 private:
  enum class State : uint8_t { kHandshake, kProving, kProved, kProvingAgain, kOver, kFailed };
  using Done = std::function<void(Result<Bytes>)>;

  void step_scram(BytesView token, const Done& done);
  void step_plain(BytesView token, Done done);
  void succeed(const std::string& user, Bytes answer, const Done& done);
  void fail(const std::string& why, const Done& done);

  Broker& broker_;
  std::function<void(const std::string&)> end_;
  State state_ = State::kHandshake;
  std::string mechanism_, user_, proved_mechanism_;
  bool bare_tokens_ = false, busy_ = false;
  std::unique_ptr<ScramServer> scram_;
  bool scram_is_final_ = false;
  std::unique_ptr<Loop::Timer> timer_;  // Until the login must be done, the session is over, the connection is ended.
};

// A step of the client's session, which is there; when it is proved, the client is that user.
void prove(const std::shared_ptr<Client>&, BytesView token, std::function<void(Result<Bytes>)> done);

}  // namespace leat
