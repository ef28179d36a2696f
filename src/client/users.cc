#include "client/users.h"

#include "base/big_endian.h"
#include "protocol/alter_user_scram_credentials.h"
#include "protocol/describe_user_scram_credentials.h"

namespace leat::client {
namespace {

using protocol::AlterUserScramCredentials, protocol::DescribeUserScramCredentials;

Status alter(Cluster& cluster, const AlterUserScramCredentials::Request& request) {
  auto code_of = [](const auto& response) -> int16_t {
    return response.results.empty() ? int16_t{0} : response.results.front().error_code;
  };
  TRY_ASSIGN(auto answer, cluster.at_controller<AlterUserScramCredentials>(request, code_of));
  for (const auto& result : answer->results) {
    TRY(kafka_status("user '" + result.user + "'", result.error_code, result.error_message));
  }
  return {};
}

}  // namespace

Bytes new_salt(Random& random) {
  Bytes out;
  while (out.size() < kSaltBytes) put_big(out, static_cast<int64_t>(random.next()));
  return out;
}

Result<std::vector<UserInfo>> users(Cluster& cluster) {
  auto code_of = [](const auto& response) { return response.error_code; };
  TRY_ASSIGN(auto answer, cluster.at_controller<DescribeUserScramCredentials>({}, code_of));
  TRY(kafka_status("users", answer->error_code, answer->error_message));
  std::map<std::string, UserInfo> out;
  for (const auto& result : answer->results) {
    UserInfo& user = out[result.user];
    user.name = result.user;
    for (const auto& info : result.credential_infos) {
      user.iterations[static_cast<ScramMechanism>(info.mechanism)] = info.iterations;
    }
  }
  std::vector<UserInfo> list;
  for (auto& [name, user] : out) list.push_back(std::move(user));
  return list;
}

Status set_password(Cluster& cluster, const std::string& user, BytesView password, Random& random) {
  AlterUserScramCredentials::Request request;
  std::vector<std::pair<Bytes, Bytes>> made;  // The request points into them.
  for (ScramMechanism mechanism : kScramMechanisms) {
    Bytes salt = new_salt(random);
    Bytes salted = pbkdf2(hash_of(mechanism), password, salt, kScramIterationsMin);
    made.emplace_back(std::move(salt), std::move(salted));
  }
  for (size_t i = 0; i < made.size(); ++i) {
    auto& each = request.upsertions.emplace_back();
    each.name = user;
    each.mechanism = static_cast<int8_t>(kScramMechanisms[i]);
    each.iterations = kScramIterationsMin;
    each.salt = made[i].first;
    each.salted_password = made[i].second;
  }
  return alter(cluster, request);
}

Status remove_user(Cluster& cluster, const std::string& user) {
  TRY_ASSIGN(auto known, users(cluster));
  AlterUserScramCredentials::Request request;
  for (const UserInfo& each : known) {
    if (each.name != user) continue;
    for (const auto& [mechanism, iterations] : each.iterations) {
      request.deletions.push_back({user, static_cast<int8_t>(mechanism)});
    }
  }
  if (request.deletions.empty()) return Error{Errc::kNotFound, "there is no user '" + user + "'"};
  return alter(cluster, request);
}

}  // namespace leat::client
