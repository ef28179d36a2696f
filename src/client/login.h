#pragma once
// Who a client says that it is (SASL).
#include <string>

#include "env/env.h"

namespace leat::client {

struct Login {
  std::string user, password;
  bool encrypted = false;    // The connection is: else no password is sent over it, only proofs.
  Random* random = nullptr;  // Outlives the cluster.
};

}  // namespace leat::client
