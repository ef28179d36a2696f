#include "protocol/alter_user_scram_credentials.h"

#include <set>

#include "broker/api/api.h"

namespace leat::api {
namespace {

constexpr size_t kNameBytesMax = 1024, kSaltBytesMax = 1024;

std::optional<ScramMechanism> mechanism_of(int8_t number) {
  for (ScramMechanism each : kScramMechanisms) {
    if (static_cast<int8_t>(each) == number) return each;
  }
  return std::nullopt;
}

// The first thing that is wrong with what is asked about one user, and the events otherwise.
class OneUser {
 public:
  OneUser(const Broker& broker, const std::string& user) : broker_(broker) {
    result.user = user;
    if (user.empty()) refuse(ErrorCode::kUnacceptableCredential, "Username must not be empty");
    if (user.size() > kNameBytesMax) refuse(ErrorCode::kUnacceptableCredential, "Username is too long");
  }

  void remove(const protocol::AlterUserScramCredentialsRequest::Deletion& asked) {
    if (!take(asked.mechanism)) return;
    const auto& users = broker_.state().credentials().users();
    auto found = users.find(result.user);
    if (found == users.end() || !found->second.contains(*mechanism_of(asked.mechanism))) {
      return refuse(ErrorCode::kResourceNotFound, "Attempt to delete a user credential that does not exist");
    }
    events.emplace_back(broker_event::CredentialRemoved{result.user, *mechanism_of(asked.mechanism)});
  }
  void set(const protocol::AlterUserScramCredentialsRequest::Upsertion& asked) {
    if (!take(asked.mechanism)) return;
    ScramMechanism mechanism = *mechanism_of(asked.mechanism);
    if (asked.iterations < kScramIterationsMin) return refuse(ErrorCode::kUnacceptableCredential, "Too few iterations");
    if (asked.iterations > kScramIterationsMax) {
      return refuse(ErrorCode::kUnacceptableCredential, "Too many iterations");
    }
    if (asked.salt.empty() || asked.salt.size() > kSaltBytesMax ||
        asked.salted_password.size() != hash_size(hash_of(mechanism))) {
      return refuse(ErrorCode::kUnacceptableCredential, "The salt or the salted password has the wrong length");
    }
    events.emplace_back(broker_event::CredentialSet{
        result.user, mechanism, credential_from(mechanism, asked.salted_password, asked.salt, asked.iterations)});
  }

  protocol::AlterUserScramCredentialsResponse::Result result;
  std::vector<BrokerEvent> events;

 private:
  bool take(int8_t number) {
    if (result.error_code != 0) return false;
    auto mechanism = mechanism_of(number);
    if (!mechanism) {
      refuse(ErrorCode::kUnsupportedSaslMechanism, "Unknown SCRAM mechanism");
    } else if (!asked_.insert(*mechanism).second) {
      refuse(ErrorCode::kDuplicateResource,
             "A user credential cannot be altered twice in the same request for the same mechanism");
    }
    return result.error_code == 0;
  }
  void refuse(ErrorCode error, const std::string& message) {
    result.error_code = code(error);
    result.error_message = message;
    events.clear();
  }

  const Broker& broker_;
  std::set<ScramMechanism> asked_;
};

void alter(Broker& broker, const protocol::AlterUserScramCredentialsRequest& request,
           Respond<protocol::AlterUserScramCredentials> respond) {
  std::map<std::string, OneUser> users;
  auto user = [&](const auto& name) -> OneUser& { return users.try_emplace(name, broker, name).first->second; };
  for (const auto& asked : request.deletions) user(asked.name).remove(asked);
  for (const auto& asked : request.upsertions) user(asked.name).set(asked);
  auto response = std::make_shared<protocol::AlterUserScramCredentialsResponse>();
  std::vector<BrokerEvent> events;
  for (auto& [name, each] : users) {
    response->results.push_back(std::move(each.result));
    events.insert(events.end(), each.events.begin(), each.events.end());
  }
  broker.record(std::move(events), [response, respond = std::move(respond)](const Status& outcome) {
    for (auto& result : response->results) {
      if (!outcome && result.error_code == 0) result.error_code = code(ErrorCode::kKafkaStorageError);
    }
    respond(*response);
  });
}

}  // namespace

void serve_alter_user_scram_credentials(Service& service, Broker& broker) {
  service.serve<protocol::AlterUserScramCredentials>(
      0, 0, [&broker](const Call&, const protocol::AlterUserScramCredentialsRequest& request, auto respond) {
        alter(broker, request, std::move(respond));
      });
}

}  // namespace leat::api
