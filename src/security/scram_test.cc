// Both halves of SCRAM, against each other and against the RFCs' own exchanges.
#include <gtest/gtest.h>

#include "base/base64.h"
#include "security/plain.h"
#include "security/scram_client.h"
#include "security/scram_server.h"

namespace leat {
namespace {

// RFC 7677, section 3.
constexpr const char* kClientNonce = "rOprNGfwEbeRWgbNEkqO";
constexpr const char* kServerNonce = "%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0";
constexpr const char* kServerFirst =
    "r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096";
constexpr const char* kClientFinal =
    "c=biws,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=";
constexpr const char* kServerFinal = "v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=";

ScramCredential pencil() {
  return make_credential(ScramMechanism::kSha256, "pencil", *from_base64("W22ZaJ0SNY7soEsUEjb6gQ=="), 4096);
}

TEST(Scram, SpeaksAsTheRfcHasIt) {
  ScramClient client(ScramMechanism::kSha256, "user", "pencil", kClientNonce);
  ScramServer server(ScramMechanism::kSha256, kServerNonce);
  Bytes first = client.first();
  EXPECT_EQ(first, "n,,n=user,r=rOprNGfwEbeRWgbNEkqO");
  ASSERT_TRUE(server.take_first(first));
  EXPECT_EQ(server.user(), "user");
  EXPECT_EQ(server.answer_first(pencil()), kServerFirst);
  auto final = client.final(kServerFirst);
  ASSERT_TRUE(final) << final.error().message;
  EXPECT_EQ(*final, kClientFinal);
  auto proof = server.final(*final);
  ASSERT_TRUE(proof) << proof.error().message;
  EXPECT_EQ(*proof, kServerFinal);
  EXPECT_TRUE(client.check(*proof));
}

// Whether an exchange succeeds. `tamper` changes what the client says last.
bool agree(
    ScramMechanism mechanism, const std::string& user, const std::string& known, const std::string& tried,
    const std::function<void(Bytes&)>& tamper = [](Bytes&) {}) {
  ScramClient client(mechanism, user, tried, "abc");
  ScramServer server(mechanism, "def");
  if (!server.take_first(client.first()) || server.user() != user) return false;
  auto final = client.final(server.answer_first(make_credential(mechanism, known, "salt", 5000)));
  if (!final) return false;
  tamper(*final);
  auto proof = server.final(*final);
  return proof && client.check(*proof);
}

TEST(Scram, TakesTheRightPasswordOnly) {
  for (ScramMechanism mechanism : kScramMechanisms) {
    EXPECT_TRUE(agree(mechanism, "alice", "secret", "secret"));
    EXPECT_TRUE(agree(mechanism, "a,b=c", "sëcret", "sëcret"));
    EXPECT_FALSE(agree(mechanism, "alice", "secret", "Secret"));
    EXPECT_FALSE(agree(mechanism, "alice", "secret", ""));
    for (size_t at : {0, 3, 10, 20, 40}) {
      EXPECT_FALSE(agree(mechanism, "alice", "secret", "secret", [at](Bytes& final) { final[at] ^= 1; })) << at;
    }
    EXPECT_FALSE(agree(mechanism, "alice", "secret", "secret", [](Bytes& final) { final.resize(final.size() - 1); }));
  }
}

TEST(Scram, RefusesMalformedFirstMessages) {
  for (const char* bad :
       {"", "n", "n,", "n,,", "n,,n=", "n,,n=,r=x", "n,,n=a", "n,,n=a,r=", "n,,r=x,n=a", "p=tls-unique,,n=a,r=x",
        "n,,n=a=b,r=x", "n,,n=a=2,r=x", "n,a=b,n=c,r=x", "x,,n=a,r=x", "n,,m=ext,n=a,r=x"}) {
    EXPECT_FALSE(ScramServer(ScramMechanism::kSha256, "s").take_first(bad)) << bad;
  }
  EXPECT_TRUE(ScramServer(ScramMechanism::kSha256, "s").take_first("y,a=c,n=c,r=x,ext=1"));
}

// One that answers without knowing the password, or that would have the client compute for ever.
TEST(Scram, AClientDoesNotBelieveEveryServer) {
  for (const char* bad :
       {"", "r=abc,s=c2FsdA==,i=4096", "r=xyz,s=c2FsdA==,i=4096", "r=abcd,s=,i=4096", "r=abcd,s=c2FsdA==,i=1",
        "r=abcd,s=c2FsdA==,i=999999999999", "r=abcd,s=c2FsdA==,i=4096x", "r=abcd,s=c2FsdA==", "e=other-error"}) {
    EXPECT_FALSE(ScramClient(ScramMechanism::kSha256, "u", "p", "abc").final(bad)) << bad;
  }
  ScramClient client(ScramMechanism::kSha256, "u", "p", "abc");
  EXPECT_FALSE(client.check("v="));
  client.first();
  ASSERT_TRUE(client.final("r=abcd,s=c2FsdA==,i=4096"));
  EXPECT_FALSE(client.check("v=" + to_base64(Bytes(32, 'x'))));
  EXPECT_FALSE(client.check("e=invalid-proof"));
}

TEST(Scram, APasswordIsCheckedAgainstItsCredential) {
  for (ScramMechanism mechanism : kScramMechanisms) {
    auto credential = make_credential(mechanism, "secret", "salt", kScramIterationsMin);
    EXPECT_TRUE(is_password(mechanism, credential, "secret"));
    EXPECT_FALSE(is_password(mechanism, credential, "secre"));
    EXPECT_FALSE(is_password(mechanism, credential, ""));
    EXPECT_EQ(credential.stored_key.find("secret"), Bytes::npos);
  }
}

TEST(Scram, PlainMessages) {
  auto good = read_plain(to_plain({"alice", "secret"}));
  ASSERT_TRUE(good);
  EXPECT_EQ(good->user, "alice");
  EXPECT_EQ(good->password, "secret");
  EXPECT_TRUE(read_plain(BytesView("alice\0alice\0x", 13)));
  for (BytesView bad : {BytesView(), BytesView("alice"), BytesView("\0\0x", 3), BytesView("\0alice\0", 7),
                        BytesView("bob\0alice\0x", 11), BytesView("\0a\0b\0c", 6)}) {
    EXPECT_FALSE(read_plain(bad));
  }
}

}  // namespace
}  // namespace leat
