#pragma once
// Cluster: a Kafka cluster as a client sees it: its brokers and topics, who leads what and who coordinates whom, and
// one connection with each broker that was needed. What the other files of this folder do, they do through it.
//
//   auto cluster = client::Cluster::connect({.bootstrap = endpoints}, env.clock, *dialer);
//   auto answer = (*cluster)->call<protocol::DescribeCluster>(node, {});          // One broker, one attempt.
//   auto groups = (*cluster)->at_coordinator<protocol::DescribeGroups>(           // Found, and asked until it answers.
//       CoordinatorType::kGroup, "g", request, [](const auto& response) { return response.groups[0].error_code; });
//
// Errors name the broker and the request. kIo and kTimeout: nobody could be reached, or no answer in time; kCorruption:
// the broker talks nonsense; kUnsupported: it is too old; for Kafka's codes see kafka_error.h.
// Threads: one owner. Calls block, at most for ClientOptions::timeout_ms each.
#include <functional>
#include <map>
#include <optional>

#include "client/channel.h"
#include "client/kafka_error.h"
#include "client/retry.h"
#include "protocol/uuid.h"

namespace leat::client {

enum class CoordinatorType : int8_t { kGroup = 0, kTransaction = 1, kShare = 2 };

struct PartitionInfo {
  int32_t leader = -1, leader_epoch = -1;  // -1: there is none.
  std::vector<int32_t> replicas, in_sync;
};

struct TopicInfo {
  std::string name;
  Uuid id;  // Zero: the cluster has none.
  bool internal = false;
  std::map<int32_t, PartitionInfo> partitions;
};

// How one request is sent.
struct CallOptions {
  int16_t version_max = INT16_MAX;  // Where later versions mean something else.
};

class Cluster {
 public:
  Cluster(const Cluster&) = delete;
  Cluster& operator=(const Cluster&) = delete;

  // Asks the bootstrap brokers, one after the other, who else there is. At once an error if none of them is there.
  static Result<std::unique_ptr<Cluster>> connect(ClientOptions, Clock&, Dialer&);

  const std::map<int32_t, Endpoint>& brokers() const { return brokers_; }
  const ClientOptions& options() const { return options_; }
  Clock& clock() { return clock_; }
  Retry retry() { return Retry(clock_, options_.timeout_ms); }
  std::string name_of(int32_t node) const;  // "127.0.0.1:9092", for messages.

  // One attempt at a broker, connecting first if need be. What the answer points into lives with it.
  template <class Api>
  Result<Answer<Api>> call(int32_t node, const typename Api::Request& request, CallOptions how = {}) {
    return call_until<Api>(node, request, retry().deadline(), how);
  }
  template <class Api>
  Result<Answer<Api>> call_until(int32_t node, const typename Api::Request& request, Instant deadline,
                                 CallOptions how = {}) {
    TRY_ASSIGN(Channel * channel, channel_to(node, deadline));
    return channel->call<Api>(request, deadline, how.version_max);
  }

  // Asked again, and the broker looked up again, while `code_of(response)` is an error that passes or the broker cannot
  // be reached, until the time is up. The response may still say that something else is wrong.
  template <class Api, class CodeOf>
  Result<Answer<Api>> at_coordinator(CoordinatorType type, const std::string& key, const typename Api::Request& request,
                                     CodeOf code_of, CallOptions how = {}) {
    return persist<Api>([&](Instant deadline) { return coordinator(type, key, deadline); }, request, code_of, how);
  }
  template <class Api, class CodeOf>
  Result<Answer<Api>> at_controller(const typename Api::Request& request, CodeOf code_of, CallOptions how = {}) {
    return persist<Api>([&](Instant) { return controller(); }, request, code_of, how);
  }

  template <class Api, class CodeOf>
  Result<Answer<Api>> at_leader(const TopicPartition& partition, const typename Api::Request& request, CodeOf code_of,
                                CallOptions how = {}) {
    return persist<Api>([&](Instant) { return leader(partition); }, request, code_of, how);
  }

  Result<int32_t> coordinator(CoordinatorType, const std::string& key, Instant deadline);  // Remembered.
  // Whether the broker takes such requests at all.
  Result<bool> knows(int32_t node, const protocol::ApiInfo&);

  Result<std::vector<TopicInfo>> topics();  // All, by name; internal ones too.
  // kNotFound, naming the nearest topic, if there is none of this name; it is not created. Remembered until forget().
  Result<TopicInfo> topic(const std::string& name) {
    TRY_ASSIGN(const TopicInfo* found, known_topic(name));
    return *found;
  }
  // Of a topic that exists. kOutOfRange: it has no such partition; kIo: the partition has no leader now.
  Result<int32_t> leader(const TopicPartition&);
  // Whoever leads or coordinates is to be looked up again: after an error that passes.
  void forget();
  void forget_topics() { topics_.clear(); }  // After one was changed.

 private:
  Cluster(ClientOptions options, Clock& clock, Dialer& dialer)
      : options_(std::move(options)), clock_(clock), dialer_(dialer) {}

  template <class Api, class Find, class CodeOf>
  Result<Answer<Api>> persist(Find find, const typename Api::Request& request, CodeOf code_of, CallOptions how) {
    Retry attempts = retry();
    while (true) {
      Result<int32_t> node = find(attempts.deadline());
      Result<Answer<Api>> answer =
          node ? call_until<Api>(*node, request, attempts.deadline(), how) : Result<Answer<Api>>(node.error());
      bool again = answer ? passes(code_of(**answer)) : answer.error().code == Errc::kIo;
      if (!again || !attempts.again()) return answer;
      forget();
    }
  }

  // What every broker can answer. Brokers close connections that were idle for long: then the next one is asked.
  template <class Api>
  Result<Answer<Api>> ask_any(const typename Api::Request& request, Instant deadline) {
    while (Channel* open = open_channel()) {
      auto answer = open->call<Api>(request, deadline);
      if (answer || open->usable()) return answer;
    }
    TRY_ASSIGN(Channel * fresh, bootstrap_channel(deadline));
    return fresh->call<Api>(request, deadline);
  }

  Result<const TopicInfo*> known_topic(const std::string& name);
  Result<int32_t> controller();
  Result<Channel*> channel_to(int32_t node, Instant deadline);
  // Of any broker; null if there is none.
  Channel* open_channel();
  // A new one.
  Result<Channel*> bootstrap_channel(Instant deadline);
  // nullopt: of all topics. Refreshes the brokers, too.
  Result<std::vector<TopicInfo>> ask_topics(const std::optional<std::vector<std::string>>& names);

  ClientOptions options_;
  Clock& clock_;
  Dialer& dialer_;
  std::unique_ptr<Channel> bootstrap_;
  std::map<int32_t, std::unique_ptr<Channel>> channels_;
  std::map<int32_t, Endpoint> brokers_;
  int32_t controller_ = -1;
  std::map<std::string, TopicInfo> topics_;
  std::map<std::pair<CoordinatorType, std::string>, int32_t> coordinators_;
};

}  // namespace leat::client
