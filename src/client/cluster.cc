#include "client/cluster.h"

#include "base/units.h"
#include "protocol/find_coordinator.h"
#include "protocol/metadata.h"

namespace leat::client {
namespace {

using protocol::FindCoordinator;
using protocol::Metadata;

TopicInfo topic_of(const Metadata::Response::Topic& from) {
  TopicInfo out{from.name.value_or(""), from.topic_id, from.is_internal, {}};
  for (const auto& partition : from.partitions) {
    out.partitions[partition.partition_index] = {partition.leader_id, partition.leader_epoch, partition.replica_nodes,
                                                 partition.isr_nodes};
  }
  return out;
}

Result<Endpoint> endpoint_of(const std::string& host, int32_t port) {
  if (port > 0 && port <= UINT16_MAX) return Endpoint{host, static_cast<uint16_t>(port)};
  return Error{Errc::kCorruption, "a broker says that one is at port " + std::to_string(port)};
}

}  // namespace

Result<std::unique_ptr<Cluster>> Cluster::connect(ClientOptions options, Clock& clock, Dialer& dialer) {
  CHECK(!options.bootstrap.empty());
  std::unique_ptr<Cluster> out(new Cluster(std::move(options), clock, dialer));
  TRY(out->ask_topics(std::vector<std::string>()));
  return out;
}

std::string Cluster::name_of(int32_t node) const {
  auto found = brokers_.find(node);
  return found == brokers_.end() ? "broker " + std::to_string(node) : found->second.to_string();
}

Result<Channel*> Cluster::bootstrap_channel(Instant deadline) {
  std::string failures;
  Errc code = Errc::kIo;
  for (const Endpoint& broker : options_.bootstrap) {
    auto opened = Channel::open(dialer_, broker, options_, deadline);
    if (opened) {
      bootstrap_ = std::move(*opened);
      return bootstrap_.get();
    }
    code = opened.error().code;
    failures += (failures.empty() ? "" : "; ") + opened.error().message;
  }
  if (failures.ends_with("connection refused")) failures += ": is `leat serve` running?";
  return Error{code, failures};
}

Channel* Cluster::open_channel() {
  for (auto& [node, channel] : channels_) {
    if (channel->usable()) return channel.get();
  }
  return bootstrap_ && bootstrap_->usable() ? bootstrap_.get() : nullptr;
}

Result<Channel*> Cluster::channel_to(int32_t node, Instant deadline) {
  auto& channel = channels_[node];
  if (channel && channel->usable()) return channel.get();
  channels_.erase(node);
  auto found = brokers_.find(node);
  if (found == brokers_.end()) {
    return Error{Errc::kIo, "the cluster's brokers do not know broker " + std::to_string(node)};
  }
  TRY_ASSIGN(auto opened, Channel::open(dialer_, found->second, options_, deadline));
  return (channels_[node] = std::move(opened)).get();
}

Result<bool> Cluster::knows(int32_t node, const protocol::ApiInfo& api) {
  TRY_ASSIGN(Channel * channel, channel_to(node, retry().deadline()));
  return channel->knows(api);
}

Result<std::vector<TopicInfo>> Cluster::ask_topics(const std::optional<std::vector<std::string>>& names) {
  Metadata::Request request;
  request.allow_auto_topic_creation = false;
  if (names) {
    for (const std::string& name : *names) request.topics.emplace().emplace_back().name = name;
    if (names->empty()) request.topics.emplace();
  }
  Instant deadline = retry().deadline();
  TRY_ASSIGN(auto answer, ask_any<Metadata>(request, deadline));
  TRY(kafka_status("Metadata", answer->error_code));
  brokers_.clear();
  for (const auto& broker : answer->brokers) {
    TRY_ASSIGN(Endpoint at, endpoint_of(broker.host, broker.port));
    brokers_.emplace(broker.node_id, at);
    auto open = channels_.find(broker.node_id);
    bool moved = open != channels_.end() && open->second->broker().to_string() != at.to_string();
    if (moved) channels_.erase(open);
  }
  controller_ = answer->controller_id;
  std::vector<TopicInfo> out;
  for (const auto& topic : answer->topics) {
    // Partitions without a leader are said one by one; the topic is there all the same.
    bool listed = topic.error_code == 0 || passes(topic.error_code);
    if (!listed) return kafka_error("topic '" + topic.name.value_or("") + "'", topic.error_code);
    out.push_back(topic_of(topic));
  }
  std::sort(out.begin(), out.end(), [](const auto& a, const auto& b) { return a.name < b.name; });
  return out;
}

Result<std::vector<TopicInfo>> Cluster::topics() {
  return ask_topics(std::nullopt);
}

Result<const TopicInfo*> Cluster::known_topic(const std::string& name) {
  if (auto found = topics_.find(name); found != topics_.end()) return &found->second;
  auto answer = ask_topics(std::vector<std::string>{name});
  if (!answer && answer.error().code == Errc::kNotFound) {
    TRY_ASSIGN(auto all, topics());
    std::vector<std::string> names;
    for (const TopicInfo& each : all) names.push_back(each.name);
    std::string nearest = nearest_name(name, names);
    return Error{Errc::kNotFound, "no topic '" + name + "'" +
                                      (nearest.empty() ? "; `leat topic ls` lists them" : did_you_mean(name, names))};
  }
  if (!answer) return answer.error();
  if (answer->size() != 1 || answer->front().name != name) {
    return Error{Errc::kCorruption, "Metadata: the answer is not about topic '" + name + "'"};
  }
  return &(topics_[name] = std::move(answer->front()));
}

Result<int32_t> Cluster::leader(const TopicPartition& partition) {
  TRY_ASSIGN(const TopicInfo* info, known_topic(partition.topic));
  std::string number = std::to_string(partition.partition.value);
  auto found = info->partitions.find(partition.partition.value);
  if (found == info->partitions.end()) {
    return Error{Errc::kOutOfRange, "topic '" + info->name + "' has no partition " + number + ": it has " +
                                        std::to_string(info->partitions.size())};
  }
  if (found->second.leader < 0) {
    return Error{Errc::kIo, "partition " + number + " of topic '" + info->name + "' has no leader now"};
  }
  return found->second.leader;
}

Result<int32_t> Cluster::controller() {
  if (controller_ < 0) TRY(ask_topics(std::vector<std::string>()));
  if (brokers_.contains(controller_)) return controller_;
  if (!brokers_.empty()) return brokers_.begin()->first;
  return Error{Errc::kIo, "the cluster has no brokers now"};
}

Result<int32_t> Cluster::coordinator(CoordinatorType type, const std::string& key, Instant deadline) {
  auto known = coordinators_.find({type, key});
  if (known != coordinators_.end()) return known->second;
  FindCoordinator::Request request;
  request.key = key;
  request.key_type = static_cast<int8_t>(type);
  request.coordinator_keys = {key};
  TRY_ASSIGN(auto answer, ask_any<FindCoordinator>(request, deadline));
  FindCoordinator::Response::Coordinator found{key,          answer->node_id,    answer->host,
                                               answer->port, answer->error_code, answer->error_message};
  if (!answer->coordinators.empty()) found = answer->coordinators[0];
  TRY(kafka_status("FindCoordinator of '" + key + "'", found.error_code, found.error_message));
  TRY_ASSIGN(brokers_[found.node_id], endpoint_of(found.host, found.port));
  return coordinators_[{type, key}] = found.node_id;
}

void Cluster::forget() {
  topics_.clear();
  coordinators_.clear();
  controller_ = -1;
}

}  // namespace leat::client
