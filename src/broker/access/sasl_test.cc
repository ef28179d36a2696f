// Who may connect, through Kafka's protocol: nothing is answered before a proof, and a proof cannot be had otherwise.
#include <gtest/gtest.h>

#include "protocol/all.h"
#include "security/plain.h"
#include "security/scram_client.h"
#include "sim/kafka_client.h"

namespace leat {
namespace {

using protocol::ErrorCode;

int16_t code(ErrorCode error) {
  return static_cast<int16_t>(error);
}

BrokerSettings with_sasl() {
  BrokerSettings out;
  out.security.protocol = "SASL_PLAINTEXT";
  out.security.mechanisms.emplace_back("PLAIN");
  return out;
}

void add_user(TestBroker& broker, const std::string& name, const std::string& password,
              ScramMechanism mechanism = ScramMechanism::kSha256, int iterations = kScramIterationsMin) {
  bool done = false;
  auto credential = make_credential(mechanism, password, "16 bytes of salt", iterations);
  broker.broker->record({broker_event::CredentialSet{name, mechanism, credential}}, [&](const Status& status) {
    ASSERT_TRUE(status);
    done = true;
  });
  broker.loop.run();
  ASSERT_TRUE(done);
}

class SaslClient : public TestClient {
 public:
  explicit SaslClient(TestBroker& broker) : TestClient(broker), broker_(broker) {}

  int16_t handshake(const std::string& mechanism, int16_t version = 1) {
    return call<protocol::SaslHandshake>({mechanism}, version).error_code;
  }
  protocol::SaslAuthenticateResponse step(const Bytes& token) {
    protocol::SaslAuthenticateRequest request;
    request.auth_bytes = token;
    return call<protocol::SaslAuthenticate>(request);
  }
  // The error of the exchange; 0: it is who it says.
  int16_t scram(ScramMechanism mechanism, const std::string& user, const std::string& password) {
    if (int16_t error = handshake(name_of(mechanism)); error != 0) return error;
    ScramClient client(mechanism, user, password, "nonce");
    auto first = step(client.first());
    if (first.error_code != 0) return first.error_code;
    server_first = Bytes(first.auth_bytes);
    auto final = client.final(first.auth_bytes);
    EXPECT_TRUE(final) << final.error().message;
    last = step(*final);
    EXPECT_TRUE(last.error_code != 0 || client.check(last.auth_bytes));
    return last.error_code;
  }
  int16_t plain(const std::string& user, const std::string& password) {
    if (int16_t error = handshake("PLAIN"); error != 0) return error;
    last = step(to_plain({user, password}));
    return last.error_code;
  }
  bool is_served() {
    send<protocol::Metadata>({});
    return receive<protocol::Metadata>().has_value();
  }
  std::string closed_because() {
    broker_.loop.advance_ms(1000);
    return peer().closed().value_or("");
  }

  Bytes server_first;
  protocol::SaslAuthenticateResponse last;

 private:
  TestBroker& broker_;
};

TEST(Sasl, NothingIsAnsweredBeforeAProof) {
  TestBroker broker(with_sasl());
  SaslClient client(broker);
  EXPECT_EQ(client.call<protocol::ApiVersions>({}).error_code, 0);
  EXPECT_FALSE(client.is_served());
  EXPECT_NE(client.closed_because().find("not proved"), std::string::npos);
}

TEST(Sasl, ScramInBothMechanisms) {
  TestBroker broker(with_sasl());
  add_user(broker, "alice", "secret", ScramMechanism::kSha256);
  add_user(broker, "alice", "secret", ScramMechanism::kSha512, 8192);
  for (ScramMechanism mechanism : kScramMechanisms) {
    SaslClient good(broker), bad(broker);
    EXPECT_EQ(good.scram(mechanism, "alice", "secret"), 0);
    EXPECT_TRUE(good.is_served());
    EXPECT_EQ(bad.scram(mechanism, "alice", "Secret"), code(ErrorCode::kSaslAuthenticationFailed));
    EXPECT_NE(bad.closed_because().find("authentication failed"), std::string::npos);
  }
}

TEST(Sasl, PlainIsCheckedAgainstTheScramCredential) {
  TestBroker broker(with_sasl());
  add_user(broker, "alice", "secret", ScramMechanism::kSha512);
  SaslClient good(broker), bad(broker), nobody(broker);
  EXPECT_EQ(good.plain("alice", "secret"), 0);
  EXPECT_TRUE(good.is_served());
  EXPECT_EQ(bad.plain("alice", "secre"), code(ErrorCode::kSaslAuthenticationFailed));
  EXPECT_EQ(nobody.plain("bob", "secret"), code(ErrorCode::kSaslAuthenticationFailed));
  EXPECT_EQ(bad.last.error_message, nobody.last.error_message);
}

TEST(Sasl, WhoIsNotThereLooksLikeWhoIs) {
  TestBroker broker(with_sasl());
  add_user(broker, "alice", "secret", ScramMechanism::kSha256, 6000);
  SaslClient wrong(broker), nobody(broker), again(broker), other(broker);
  EXPECT_EQ(wrong.scram(ScramMechanism::kSha256, "alice", "x"), nobody.scram(ScramMechanism::kSha256, "bob", "x"));
  EXPECT_EQ(wrong.last.error_message, nobody.last.error_message);
  again.scram(ScramMechanism::kSha256, "bob", "x");
  other.scram(ScramMechanism::kSha256, "carol", "x");
  auto salt_and_iterations = [](const SaslClient& client) {
    return client.server_first.substr(client.server_first.find(",s="));
  };
  EXPECT_EQ(salt_and_iterations(nobody), salt_and_iterations(again));
  EXPECT_NE(salt_and_iterations(nobody), salt_and_iterations(other));
  EXPECT_EQ(salt_and_iterations(wrong).size(), salt_and_iterations(nobody).size());
  EXPECT_NE(nobody.server_first.find(",i=6000"), Bytes::npos);
  // It stays the same over a restart: else it would be known as one that was made up.
  broker.stop();
  broker.start();
  SaslClient later(broker);
  later.scram(ScramMechanism::kSha256, "bob", "x");
  EXPECT_EQ(salt_and_iterations(nobody), salt_and_iterations(later));
}

// librdkafka before 1.0 and others: after a handshake of version 0 tokens come without a header.
TEST(Sasl, BareTokens) {
  TestBroker broker(with_sasl());
  add_user(broker, "alice", "secret");
  for (bool right : {true, false}) {
    SaslClient client(broker);
    EXPECT_EQ(client.handshake("SCRAM-SHA-256", 0), 0);
    auto exchange = [&](const Bytes& token) {
      Bytes frame(4, '\0');
      store_big(frame.data(), static_cast<int32_t>(token.size()));
      client.peer().send(frame + token);
      broker.loop.run();
      return client.peer().take_received();
    };
    ScramClient scram(ScramMechanism::kSha256, "alice", right ? "secret" : "x", "nonce");
    Bytes answer = exchange(scram.first());
    ASSERT_GT(answer.size(), 4u);
    auto final = scram.final(answer.substr(4));
    ASSERT_TRUE(final);
    answer = exchange(*final);
    EXPECT_EQ(answer.size() > 4 && scram.check(answer.substr(4)), right);
    if (right) {
      EXPECT_TRUE(client.is_served());
    } else {
      EXPECT_NE(client.closed_because(), "");
    }
  }
}

TEST(Sasl, MechanismsThatAreNotEnabled) {
  BrokerSettings settings = with_sasl();
  settings.security.mechanisms = {"SCRAM-SHA-512"};
  TestBroker broker(settings);
  add_user(broker, "alice", "secret", ScramMechanism::kSha512);
  SaslClient client(broker);
  for (const char* mechanism : {"PLAIN", "SCRAM-SHA-256", "GSSAPI", ""}) {
    auto response = client.call<protocol::SaslHandshake>({mechanism});
    EXPECT_EQ(response.error_code, code(ErrorCode::kUnsupportedSaslMechanism));
    EXPECT_EQ(response.mechanisms, settings.security.mechanisms);
  }
  EXPECT_EQ(client.scram(ScramMechanism::kSha512, "alice", "secret"), 0);
}

TEST(Sasl, StepsOutOfOrder) {
  TestBroker broker(with_sasl());
  add_user(broker, "alice", "secret");
  SaslClient client(broker);
  EXPECT_EQ(client.step("x").error_code, code(ErrorCode::kIllegalSaslState));
  EXPECT_EQ(client.scram(ScramMechanism::kSha256, "alice", "secret"), 0);
  EXPECT_EQ(client.step("x").error_code, code(ErrorCode::kIllegalSaslState));
  EXPECT_EQ(client.handshake("PLAIN"), code(ErrorCode::kIllegalSaslState));
  EXPECT_TRUE(client.is_served());
  TestBroker open;
  SaslClient anybody(open);
  EXPECT_EQ(anybody.handshake("PLAIN"), code(ErrorCode::kIllegalSaslState));
  EXPECT_EQ(anybody.step("x").error_code, code(ErrorCode::kIllegalSaslState));
  EXPECT_TRUE(anybody.is_served());
}

TEST(Sasl, WhoDoesNotProveAnythingIsClosed) {
  TestBroker broker(with_sasl());
  add_user(broker, "alice", "secret");
  SaslClient silent(broker), halfway(broker), proved(broker);
  halfway.handshake("SCRAM-SHA-256");
  halfway.step("n,,n=alice,r=x");
  proved.scram(ScramMechanism::kSha256, "alice", "secret");
  broker.loop.advance_ms(59'000);
  EXPECT_FALSE(silent.peer().closed());
  broker.loop.advance_ms(2000);
  EXPECT_TRUE(silent.peer().closed());
  EXPECT_TRUE(halfway.peer().closed());
  EXPECT_TRUE(proved.is_served());
}

TEST(Sasl, HostileTokens) {
  TestBroker broker(with_sasl());
  add_user(broker, "alice", "secret");
  for (const Bytes& token :
       {Bytes(), Bytes(400'000, 'x'), "n,,n=" + Bytes(400'000, 'u'), Bytes("n,,n=alice"), Bytes(100, '\0')}) {
    SaslClient client(broker);
    client.handshake("SCRAM-SHA-256");
    EXPECT_EQ(client.step(token).error_code, code(ErrorCode::kSaslAuthenticationFailed));
    EXPECT_NE(client.closed_because(), "");
    SaslClient plain(broker);
    plain.handshake("PLAIN");
    EXPECT_EQ(plain.step(token).error_code, code(ErrorCode::kSaslAuthenticationFailed));
  }
  SaslClient huge(broker);  // Nobody's name has a megabyte: before a proof no request is as long.
  huge.handshake("PLAIN");
  protocol::SaslAuthenticateRequest request;
  Bytes token = to_plain({Bytes(1 << 20, 'u'), "x"});
  request.auth_bytes = token;
  huge.send<protocol::SaslAuthenticate>(request);
  broker.loop.run();
  ASSERT_TRUE(huge.peer().closed());
  EXPECT_NE(huge.peer().closed()->find("sasl.server.max.receive.size"), std::string::npos);
}

// KIP-368.
TEST(Sasl, ASessionEndsAndIsProvedAnew) {
  BrokerSettings settings = with_sasl();
  settings.security.session_ms_max = 10'000;
  TestBroker broker(settings);
  add_user(broker, "alice", "secret");
  add_user(broker, "bob", "secret");
  SaslClient client(broker);
  EXPECT_EQ(client.scram(ScramMechanism::kSha256, "alice", "secret"), 0);
  EXPECT_EQ(client.last.session_lifetime_ms, 10'000);
  broker.loop.advance_ms(9000);
  EXPECT_EQ(client.scram(ScramMechanism::kSha256, "alice", "secret"), 0);
  broker.loop.advance_ms(9000);
  EXPECT_TRUE(client.is_served());
  broker.loop.advance_ms(2000);
  SaslClient other(broker);
  EXPECT_EQ(other.scram(ScramMechanism::kSha256, "bob", "secret"), 0);
  EXPECT_EQ(other.scram(ScramMechanism::kSha256, "alice", "secret"), code(ErrorCode::kSaslAuthenticationFailed));
  EXPECT_FALSE(client.is_served());
  EXPECT_TRUE(client.peer().closed());
}

TEST(ScramCredentials, AreSetDescribedAndRemoved) {
  TestBroker broker;
  TestClient client(broker);
  protocol::AlterUserScramCredentialsRequest request;
  Bytes salted = pbkdf2(HashKind::kSha256, "secret", "salt", 4096), short_one = "x";
  auto set = [&](const char* user, int8_t mechanism, int32_t iterations, const Bytes& value) {
    request.upsertions.push_back({user, mechanism, iterations, "salt", value});
  };
  set("alice", 1, 4096, salted);
  set("few", 1, 4095, salted);
  set("many", 1, 16385, salted);
  set("unknown", 3, 4096, salted);
  set("short", 1, 4096, short_one);
  set("", 1, 4096, salted);
  set("twice", 1, 4096, salted);
  set("twice", 1, 4097, salted);
  request.deletions.push_back({"nobody", 1});
  std::map<std::string, int16_t> errors;
  for (const auto& result : client.call<protocol::AlterUserScramCredentials>(request).results) {
    errors[result.user] = result.error_code;
  }
  EXPECT_EQ(errors, (std::map<std::string, int16_t>{{"alice", 0},
                                                    {"few", code(ErrorCode::kUnacceptableCredential)},
                                                    {"many", code(ErrorCode::kUnacceptableCredential)},
                                                    {"unknown", code(ErrorCode::kUnsupportedSaslMechanism)},
                                                    {"short", code(ErrorCode::kUnacceptableCredential)},
                                                    {"", code(ErrorCode::kUnacceptableCredential)},
                                                    {"twice", code(ErrorCode::kDuplicateResource)},
                                                    {"nobody", code(ErrorCode::kResourceNotFound)}}));
  broker.stop();
  broker.settings.security.protocol = "SASL_PLAINTEXT";  // What was set by hash is the password's.
  broker.start();
  SaslClient alice(broker);
  EXPECT_EQ(alice.scram(ScramMechanism::kSha256, "alice", "secret"), 0);
  auto described = alice.call<protocol::DescribeUserScramCredentials>({});
  ASSERT_EQ(described.results.size(), 1u);
  EXPECT_EQ(described.results[0].credential_infos[0].iterations, 4096);
  protocol::AlterUserScramCredentialsRequest removal;
  removal.deletions.push_back({"alice", 1});
  EXPECT_EQ(alice.call<protocol::AlterUserScramCredentials>(removal).results[0].error_code, 0);
  SaslClient late(broker);
  EXPECT_EQ(late.scram(ScramMechanism::kSha256, "alice", "secret"), code(ErrorCode::kSaslAuthenticationFailed));
  protocol::DescribeUserScramCredentialsRequest one;
  one.users.emplace();
  one.users->push_back({"alice"});
  EXPECT_EQ(alice.call<protocol::DescribeUserScramCredentials>(one).results[0].error_code,
            code(ErrorCode::kResourceNotFound));
}

}  // namespace
}  // namespace leat
