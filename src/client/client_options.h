#pragma once
// What a client must know before it has spoken to a cluster.
#include <optional>
#include <string>
#include <vector>

#include "client/login.h"
#include "env/loop.h"

namespace leat::client {

struct ClientOptions {
  std::vector<Endpoint> bootstrap;  // Any brokers of the cluster, at least one: the others are learnt from it.
  std::string client_id = "leat";   // As the brokers' logs and quotas see it.
  std::optional<Login> login = {};  // None: nothing is said of who we are.
  int64_t timeout_ms = 30'000;      // For one operation, with all its retries.
};

// "HOST:PORT" or several with commas between them, as Kafka's bootstrap.servers; "[::1]:9092" for IPv6.
// kInvalidArgument names what is wrong.
Result<std::vector<Endpoint>> parse_bootstrap(const std::string& text);

}  // namespace leat::client
