#include "protocol/describe_user_scram_credentials.h"

#include <map>

#include "broker/api/api.h"

namespace leat::api {
namespace {

void describe(const Broker& broker, const std::string& user, bool twice,
              protocol::DescribeUserScramCredentialsResponse& response) {
  auto& result = response.results.emplace_back();
  result.user = user;
  const auto& users = broker.state().credentials().users();
  auto found = users.find(user);
  if (twice) {
    result.error_code = code(ErrorCode::kDuplicateResource);
    result.error_message = "Cannot describe SCRAM credentials for the same user twice in a single request: " + user;
  } else if (found == users.end()) {
    result.error_code = code(ErrorCode::kResourceNotFound);
    result.error_message = "Attempt to describe a user credential that does not exist: " + user;
  } else {
    for (const auto& [mechanism, credential] : found->second) {
      result.credential_infos.push_back({static_cast<int8_t>(mechanism), credential.iterations});
    }
  }
}

}  // namespace

void serve_describe_user_scram_credentials(Service& service, Broker& broker) {
  service.serve<protocol::DescribeUserScramCredentials>(
      0, 0, [&broker](const Call&, const protocol::DescribeUserScramCredentialsRequest& request, const auto& respond) {
        protocol::DescribeUserScramCredentialsResponse response;
        if (!request.users || request.users->empty()) {
          for (const auto& [user, credentials] : broker.state().credentials().users()) {
            describe(broker, user, false, response);
          }
          return respond(response);
        }
        std::map<std::string, int> times;
        for (const auto& user : *request.users) ++times[user.name];
        for (const auto& [user, count] : times) describe(broker, user, count > 1, response);
        respond(response);
      });
}

}  // namespace leat::api
