#pragma once
// ClientQuotas: how much clients may ask of the broker, and how long they wait when it was more (KIP-13, KIP-55,
// KIP-124, KIP-219, KIP-599, KIP-612). What the quotas are is in the broker's state (AlterClientQuotas); here is how
// much of them is used up.
//
// A quota is a bucket that fills at its rate, and holds what comes in quota.window.num - 1 windows, as much as Kafka
// lets through before it looks at the rate. A request may empty it and more; the client then waits until it is filled
// up to nothing again, which its response says (throttle_time_ms), and meanwhile nothing is read from its connection.
//
// Threads: the broker's. Memory: a bucket that is full is as good as none, so only those stay that were used within the
// last windows.
#include <map>
#include <string>

#include "broker/call.h"
#include "protocol/error_code.h"

namespace leat {

class Broker;

class ClientQuotas {
 public:
  // It outlives this.
  explicit ClientQuotas(const Broker& broker) : broker_(broker) {}

  // A request was served: for how long, in ms, its client has to wait.
  int64_t charge(Client&, const RequestCost&);
  // Topics' partitions are made or deleted. `strictly`: THROTTLING_QUOTA_EXCEEDED while the quota is used up; a client
  // that does not know this error just waits afterwards.
  protocol::ErrorCode change_partitions(Client&, int64_t count, bool strictly);
  // A connection has come: for how long, in ms, it has to wait.
  int64_t connect(const std::string& host);
  // The quotas are others now.
  void changed() { known_.clear(); }

 private:
  enum class Kind : uint8_t { kProduce, kFetch, kRequest, kMutation, kConnect };
  struct Limit {
    double per_s = 0;   // 0: there is none.
    std::string whose;  // Those with the same share it.
  };
  struct Bucket {
    double credit = 0;
    Instant at;  // When it was so.
    double per_s = 0, most = 0;
  };
  // Of one user and client id.
  using Limits = std::map<Kind, Limit>;

  const Limits& limits(const Client&);
  Limit find(const std::string& key, const Client&) const;
  Limit find_connection_limit(const std::string& host) const;
  Bucket& bucket(Kind, const Limit&);
  int64_t use(Kind, const Limit&, double amount);
  double window_s(Kind) const;
  void forget_full();

  const Broker& broker_;
  std::map<std::pair<std::string, std::string>, Limits> known_;  // By user and client id, as they were looked up.
  std::map<std::pair<Kind, std::string>, Bucket> buckets_;
  size_t forget_at_ = 1000;
};

}  // namespace leat
