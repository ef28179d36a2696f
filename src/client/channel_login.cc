// How a channel proves who its user is: in the best way that the broker offers.
#include <algorithm>

#include "base/base64.h"
#include "client/channel.h"
#include "protocol/error_code.h"
#include "protocol/sasl_authenticate.h"
#include "protocol/sasl_handshake.h"
#include "security/plain.h"
#include "security/scram_client.h"

namespace leat::client {
namespace {

constexpr const char* kPlain = "PLAIN";

Result<std::string> choose(const std::vector<std::string>& offered, const Login& login) {
  auto offers = [&](const std::string& name) {
    return std::find(offered.begin(), offered.end(), name) != offered.end();
  };
  for (ScramMechanism each : {ScramMechanism::kSha512, ScramMechanism::kSha256}) {
    if (offers(name_of(each))) return std::string(name_of(each));
  }
  if (offers(kPlain) && login.encrypted) return std::string(kPlain);
  std::string names;
  for (const std::string& name : offered) names += (names.empty() ? "" : ", ") + name;
  return Error{Errc::kUnsupported,
               "the broker takes " + (names.empty() ? "no SASL" : names) + ", and we SCRAM, and over TLS also PLAIN"};
}

std::string new_nonce(Random& random) {
  Bytes bytes;
  for (int i = 0; i < 3; ++i) put_big(bytes, static_cast<int64_t>(random.next()));
  return to_base64(bytes);
}

}  // namespace

// Nobody says what they offer but in answer to a proposal; and Kafka closes the connection after one that it refused.
Result<std::unique_ptr<Channel>> Channel::open(Dialer& dialer, const Endpoint& broker, const ClientOptions& options,
                                               Instant deadline) {
  std::string mechanism = name_of(ScramMechanism::kSha512);
  for (bool again : {false, true}) {
    TRY_ASSIGN(auto channel, connect(dialer, broker, options, deadline));
    if (!options.login) return channel;
    TRY_ASSIGN(auto answer, channel->call<protocol::SaslHandshake>({mechanism}, deadline));
    if (answer->error_code == 0) {
      Status proved = channel->prove(*options.login, mechanism, deadline);
      if (!proved) return Error{proved.error().code, broker.to_string() + ": " + proved.error().message};
      return channel;
    }
    auto chosen = choose(answer->mechanisms, *options.login);
    if (!chosen || again) {
      return Error{Errc::kUnsupported,
                   broker.to_string() + ": " + (chosen ? "it took " + *chosen + " back" : chosen.error().message)};
    }
    mechanism = *chosen;
  }
  return Error{Errc::kUnsupported, broker.to_string() + ": no way to log in was found"};
}

Result<Bytes> Channel::step(const Bytes& token, Instant deadline) {
  protocol::SaslAuthenticateRequest request;
  request.auth_bytes = token;
  TRY_ASSIGN(auto answer, call<protocol::SaslAuthenticate>(request, deadline));
  if (answer->error_code == 0) return Bytes(answer->auth_bytes);
  return Error{Errc::kConflict, answer->error_message.value_or("the name or the password is wrong")};
}

Status Channel::prove(const Login& login, const std::string& mechanism, Instant deadline) {
  if (mechanism == kPlain) {
    TRY_ASSIGN(Bytes ignored, step(to_plain({login.user, login.password}), deadline));
    return {};
  }
  ScramClient scram(*scram_mechanism(mechanism), login.user, login.password, new_nonce(*login.random));
  TRY_ASSIGN(Bytes first, step(scram.first(), deadline));
  TRY_ASSIGN(Bytes final, scram.final(first));
  TRY_ASSIGN(Bytes proof, step(final, deadline));
  return scram.check(proof);
}

}  // namespace leat::client
