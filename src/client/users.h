#pragma once
// Users of a cluster: their SCRAM credentials.
#include "client/cluster.h"
#include "security/scram.h"

namespace leat::client {

struct UserInfo {
  std::string name;
  std::map<ScramMechanism, int32_t> iterations;
};

Result<std::vector<UserInfo>> users(Cluster&);  // By name.
// Sets the password in both mechanisms; only what it and the salt make is sent.
Status set_password(Cluster&, const std::string& user, BytesView password, Random&);
// kNotFound if there is no such user.
Status remove_user(Cluster&, const std::string& user);

inline constexpr size_t kSaltBytes = 16;
Bytes new_salt(Random&);

}  // namespace leat::client
