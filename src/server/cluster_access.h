#pragma once
// How commands reach a cluster: --bootstrap, and what else they say about the connection.
#include <memory>

#include "client/cluster.h"
#include "env/posix.h"
#include "server/arguments.h"
#include "server/console.h"

namespace leat {

// Options of every command that speaks to a cluster, in front of its own.
std::vector<OptionInfo> with_cluster_options(std::vector<OptionInfo> own);

class ClusterAccess {
 public:
  // Connects: --bootstrap, or $LEAT_BOOTSTRAP, or 127.0.0.1:9092; with TLS and a user if the options say so. A password
  // is asked for if it is nowhere else.
  static Result<std::unique_ptr<ClusterAccess>> open(const Arguments&, Console&);

  client::Cluster& cluster() { return *cluster_; }
  Env env() { return env_.env(); }

 private:
  PosixEnv env_;
  std::unique_ptr<Dialer> dialer_;
  std::unique_ptr<client::Cluster> cluster_;
};

}  // namespace leat
