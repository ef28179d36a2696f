#pragma once
// Credentials: the users of a broker, and what their proofs are checked against. A part of BrokerState.
#include <map>
#include <string>

#include "security/scram.h"

namespace leat {

class Credentials {
 public:
  using OfUser = std::map<ScramMechanism, ScramCredential>;

  void set(const std::string& user, ScramMechanism mechanism, const ScramCredential& credential) {
    users_[user][mechanism] = credential;
  }
  void remove(const std::string& user, ScramMechanism);
  void set_secret(const Bytes& secret) { secret_ = secret; }

  const std::map<std::string, OfUser>& users() const { return users_; }
  const Bytes& secret() const { return secret_; }  // Random; empty before the broker's first start.
  // The user's, or for somebody who is not there one that nothing fits: the same one each time, and like the others,
  // so that nobody can tell who there is.
  ScramCredential find_or_feign(const std::string& user, ScramMechanism) const;
  // Any of the user's: a password is the same in all of them.
  std::pair<ScramMechanism, ScramCredential> any_or_feign(const std::string& user) const;
  bool operator==(const Credentials&) const = default;

 private:
  ScramCredential feign(const std::string& user, ScramMechanism) const;

  std::map<std::string, OfUser> users_;
  Bytes secret_;
};

}  // namespace leat
