// Logging in, users and access rules, against our broker on simulated clock, disk and network.
#include <gtest/gtest.h>

#include "client/acls.h"
#include "client/users.h"
#include "sim/kafka_client.h"
#include "sim/sim_dialer.h"

namespace leat {
namespace {

using namespace client;

class LoginTest : public testing::Test {
 protected:
  static BrokerSettings settings(std::vector<std::string> mechanisms) {
    BrokerSettings out;
    out.security.protocol = "SASL_PLAINTEXT";
    out.security.super_users = "User:admin";
    out.security.mechanisms = std::move(mechanisms);
    return out;
  }
  explicit LoginTest(std::vector<std::string> mechanisms = {"SCRAM-SHA-256", "SCRAM-SHA-512"})
      : broker(settings(std::move(mechanisms))), dialer(broker.loop, broker.sim.clock()) {
    for (ScramMechanism each : kScramMechanisms) {
      broker_event::CredentialSet set{"admin", each, make_credential(each, "secret", "0123456789abcdef", 4096)};
      broker.broker->record({set}, [](const Status& status) { ASSERT_TRUE(status); });
    }
    broker.loop.run();
  }
  Result<std::unique_ptr<Cluster>> connect(const std::string& user, const std::string& password,
                                           bool encrypted = false) {
    ClientOptions options;
    options.bootstrap = {{"127.0.0.1", 9092}};
    options.login = Login{user, password, encrypted, &broker.sim.env().random};
    return Cluster::connect(options, broker.sim.clock(), dialer);
  }

  TestBroker broker;
  sim::SimDialer dialer;
};

class PlainOnly : public LoginTest {
 protected:
  PlainOnly() : LoginTest({"PLAIN"}) {}
};
class OneMechanism : public LoginTest {
 protected:
  OneMechanism() : LoginTest({"SCRAM-SHA-256"}) {}
};

TEST_F(LoginTest, TheRightPasswordIsNeeded) {
  EXPECT_TRUE(connect("admin", "secret"));
  for (auto [user, password] : {std::pair{"admin", "guess"}, {"nobody", "secret"}}) {
    auto refused = connect(user, password);
    ASSERT_FALSE(refused);
    EXPECT_NE(refused.error().message.find("Authentication failed"), std::string::npos) << refused.error().message;
  }
}

TEST_F(OneMechanism, IsFoundInWhatTheBrokerOffers) {
  auto connected = connect("admin", "secret");
  EXPECT_TRUE(connected) << connected.error().message;
}

TEST_F(PlainOnly, APasswordIsNotSentOverAnOpenConnection) {
  auto refused = connect("admin", "secret", false);
  ASSERT_FALSE(refused);
  EXPECT_NE(refused.error().message.find("over TLS also PLAIN"), std::string::npos) << refused.error().message;
  EXPECT_TRUE(connect("admin", "secret", true));
}

TEST_F(LoginTest, UsersComeAndGo) {
  auto admin = connect("admin", "secret");
  ASSERT_TRUE(admin);
  ASSERT_TRUE(set_password(**admin, "alice", "wonderland", broker.sim.env().random));
  auto all = users(**admin);
  ASSERT_TRUE(all);
  ASSERT_EQ(all->size(), 2u);
  EXPECT_EQ((*all)[1].name, "alice");
  EXPECT_EQ((*all)[1].iterations.size(), 2u);
  EXPECT_TRUE(connect("alice", "wonderland"));
  ASSERT_TRUE(remove_user(**admin, "alice"));
  EXPECT_FALSE(connect("alice", "wonderland"));
  Status again = remove_user(**admin, "alice");
  ASSERT_FALSE(again);
  EXPECT_EQ(again.error().code, Errc::kNotFound);
}

TEST_F(LoginTest, RulesComeAndGo) {
  auto admin = connect("admin", "secret");
  ASSERT_TRUE(admin);
  Acl rule{AclResource::kTopic, AclPattern::kPrefixed, "a-", "User:alice", "*",
           AclOperation::kRead, AclPermission::kAllow};
  ASSERT_TRUE(add_acls(**admin, {rule}));
  EXPECT_EQ(*acls(**admin, {}), std::vector<Acl>{rule});
  Acl wrong = rule;
  wrong.operation = AclOperation::kClusterAction;
  EXPECT_FALSE(add_acls(**admin, {wrong}));
  EXPECT_EQ(*remove_acls(**admin, {}), std::vector<Acl>{rule});
  EXPECT_TRUE(acls(**admin, {})->empty());
}

}  // namespace
}  // namespace leat
