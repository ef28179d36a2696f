#include "broker/access/sasl_session.h"

#include <algorithm>

#include "base/base64.h"
#include "broker/broker.h"
#include "protocol/api_versions.h"
#include "protocol/sasl_authenticate.h"
#include "protocol/sasl_handshake.h"
#include "security/plain.h"

namespace leat {
namespace {

using protocol::ErrorCode;

constexpr int kNonceWords = 3;

std::string new_nonce(Broker& broker) {
  Bytes bytes;
  for (int i = 0; i < kNonceWords; ++i) put_big(bytes, static_cast<int64_t>(broker.random()));
  return to_base64(bytes);
}

}  // namespace

SaslSession::SaslSession(Broker& broker, std::function<void(const std::string& why)> end)
    : broker_(broker), end_(std::move(end)) {
  timer_ = broker_.loop().after(SecuritySettings::kLoginMs, [this] { end_("it did not prove who it is in time"); });
}

bool SaslSession::admits(int16_t api_key) const {
  if (state_ == State::kFailed) return false;
  return is_proved() || api_key == protocol::ApiVersions::kInfo.key || api_key == protocol::SaslHandshake::kInfo.key ||
         api_key == protocol::SaslAuthenticate::kInfo.key;
}

int64_t SaslSession::lifetime_ms() const {
  return broker_.settings().security.session_ms_max;
}

ErrorCode SaslSession::handshake(const std::string& mechanism, int16_t version) {
  bool again = state_ == State::kProved || state_ == State::kOver;
  if ((!again && state_ != State::kHandshake) || (again && lifetime_ms() == 0)) return ErrorCode::kIllegalSaslState;
  const auto& enabled = broker_.settings().security.mechanisms;
  bool known = std::find(enabled.begin(), enabled.end(), mechanism) != enabled.end();
  if (!known || (again && mechanism != proved_mechanism_)) return ErrorCode::kUnsupportedSaslMechanism;
  mechanism_ = mechanism;
  bare_tokens_ = version == 0;
  state_ = state_ == State::kProved ? State::kProvingAgain : State::kProving;
  scram_.reset();
  scram_is_final_ = false;
  return ErrorCode::kNone;
}

void SaslSession::step(BytesView token, Done done) {
  bool expected = (state_ == State::kProving || state_ == State::kProvingAgain) && !busy_;
  if (!expected) return done(Error{Errc::kConflict, "SaslAuthenticate was not expected now"});
  if (mechanism_ == "PLAIN") return step_plain(token, std::move(done));
  step_scram(token, done);
}

void SaslSession::step_scram(BytesView token, const Done& done) {
  ScramMechanism mechanism = *scram_mechanism(mechanism_);
  if (scram_is_final_) {
    auto proof = scram_->final(token);
    if (!proof) return fail(proof.error().message, done);
    return succeed(scram_->user(), std::move(*proof), done);
  }
  scram_ = std::make_unique<ScramServer>(mechanism, new_nonce(broker_));
  Status taken = scram_->take_first(token);
  if (!taken) return fail(taken.error().message, done);
  scram_is_final_ = true;
  done(scram_->answer_first(broker_.state().credentials().find_or_feign(scram_->user(), mechanism)));
}

// The password's hash takes milliseconds, which others need not wait for.
void SaslSession::step_plain(BytesView token, Done done) {
  auto message = read_plain(token);
  if (!message) return fail(message.error().message, done);
  auto known = broker_.state().credentials().any_or_feign(message->user);
  auto right = std::make_shared<bool>(false);
  busy_ = true;
  broker_.loop().offload(
      [known, right, password = message->password] { *right = is_password(known.first, known.second, password); },
      [self = shared_from_this(), right, user = message->user, done = std::move(done)] {
        self->busy_ = false;
        if (*right) return self->succeed(user, {}, done);
        self->fail("the name or the password is wrong", done);
      });
}

void SaslSession::succeed(const std::string& user, Bytes answer, const Done& done) {
  if (!user_.empty() && user != user_) return fail("a connection cannot become another user's", done);
  user_ = user;
  proved_mechanism_ = mechanism_;
  state_ = State::kProved;
  scram_.reset();
  timer_.reset();
  if (lifetime_ms() > 0) {
    timer_ = broker_.loop().after(lifetime_ms(), [this] {
      if (state_ == State::kProved) state_ = State::kOver;
      if (state_ == State::kProvingAgain) state_ = State::kProving;
    });
  }
  done(std::move(answer));
}

// What exactly was wrong stays here. The connection ends a little later: that is slow for who guesses, and the answer
// is sent first.
void SaslSession::fail(const std::string& why, const Done& done) {
  state_ = State::kFailed;
  timer_ = broker_.loop().after(broker_.settings().security.failure_delay_ms,
                                [this, why] { end_("authentication failed: " + why); });
  done(Error{Errc::kInvalidArgument, "Authentication failed: the name or the proof is wrong."});
}

void prove(const std::shared_ptr<Client>& client, BytesView token, std::function<void(Result<Bytes>)> done) {
  client->sasl->step(token, [client, done = std::move(done)](Result<Bytes> answer) {
    if (client->sasl->is_proved()) client->principal = "User:" + client->sasl->user();
    done(std::move(answer));
  });
}

}  // namespace leat
