#include "client/topics.h"

#include "protocol/create_partitions.h"
#include "protocol/create_topics.h"
#include "protocol/delete_topics.h"
#include "protocol/describe_configs.h"
#include "protocol/incremental_alter_configs.h"

namespace leat::client {
namespace {

using protocol::CreatePartitions;
using protocol::CreateTopics;
using protocol::DeleteTopics;
using protocol::DescribeConfigs;
using protocol::IncrementalAlterConfigs;

constexpr int8_t kTopicResource = 2;
constexpr int8_t kTopicSource = 1;  // Where a setting comes from: the topic itself.
constexpr int8_t kSet = 0, kDelete = 1;

int32_t timeout_ms(const Cluster& cluster) {
  return static_cast<int32_t>(cluster.options().timeout_ms);
}

// Sends it, and says what became of the one thing that it is about: `results` is that member of the response.
template <class Api, class Results>
Status change(Cluster& cluster, const typename Api::Request& request, const std::string& topic,
              Results Api::Response::*results) {
  auto code_of = [results](const typename Api::Response& response) {
    return (response.*results).empty() ? int16_t{0} : (response.*results)[0].error_code;
  };
  TRY_ASSIGN(auto answer, cluster.at_controller<Api>(request, code_of));
  std::string what = std::string(Api::kInfo.name) + " of '" + topic + "'";
  const auto& all = (*answer).*results;
  if (all.size() != 1) return Error{Errc::kCorruption, what + ": the answer is not about one topic"};
  return kafka_status(what, all[0].error_code, all[0].error_message);
}

// The broker that created the topic may be ahead of the others.
Status wait_for(Cluster& cluster, const std::string& topic) {
  Retry attempts = cluster.retry();
  while (true) {
    cluster.forget_topics();
    auto found = cluster.topic(topic);
    bool led = found.has_value();
    for (const auto& [number, partition] : found ? found->partitions : TopicInfo().partitions) {
      led = led && partition.leader >= 0;
    }
    if (led) return {};
    if (!found && found.error().code != Errc::kNotFound) return found.error();
    if (!attempts.again()) return Error{Errc::kTimeout, "topic '" + topic + "' was created, and has no leader yet"};
  }
}

}  // namespace

Status create_topic(Cluster& cluster, const NewTopic& topic) {
  CreateTopics::Request request;
  request.timeout_ms = timeout_ms(cluster);
  auto& into = request.topics.emplace_back();
  into.name = topic.name;
  into.num_partitions = topic.partitions;
  into.replication_factor = topic.replication;
  for (const auto& [name, value] : topic.configs) into.configs.push_back({name, value});
  TRY(change<CreateTopics>(cluster, request, topic.name, &CreateTopics::Response::topics));
  return wait_for(cluster, topic.name);
}

Status delete_topic(Cluster& cluster, const std::string& name) {
  DeleteTopics::Request request;
  request.timeout_ms = timeout_ms(cluster);
  request.topics.emplace_back().name = name;
  request.topic_names = {name};  // As older versions say it.
  TRY(change<DeleteTopics>(cluster, request, name, &DeleteTopics::Response::responses));
  cluster.forget_topics();
  return {};
}

Status create_partitions(Cluster& cluster, const std::string& topic, int32_t count) {
  CreatePartitions::Request request;
  request.timeout_ms = timeout_ms(cluster);
  auto& into = request.topics.emplace_back();
  into.name = topic;
  into.count = count;
  TRY(change<CreatePartitions>(cluster, request, topic, &CreatePartitions::Response::results));
  cluster.forget_topics();
  return {};
}

Result<std::vector<ConfigEntry>> describe_topic_configs(Cluster& cluster, const std::string& topic) {
  DescribeConfigs::Request request;
  auto& resource = request.resources.emplace_back();
  resource.resource_type = kTopicResource;
  resource.resource_name = topic;
  resource.configuration_keys.reset();  // All.
  auto code_of = [](const DescribeConfigs::Response& response) {
    return response.results.empty() ? int16_t{0} : response.results[0].error_code;
  };
  TRY_ASSIGN(auto answer, cluster.at_controller<DescribeConfigs>(request, code_of));
  if (answer->results.size() != 1) return Error{Errc::kCorruption, "DescribeConfigs: not about one topic"};
  const auto& result = answer->results[0];
  TRY(kafka_status("DescribeConfigs of '" + topic + "'", result.error_code, result.error_message));
  std::vector<ConfigEntry> out;
  for (const auto& each : result.configs) {
    out.push_back({each.name, each.value, each.config_source == kTopicSource});
  }
  std::sort(out.begin(), out.end(), [](const auto& a, const auto& b) { return a.name < b.name; });
  return out;
}

Status alter_topic_configs(Cluster& cluster, const std::string& topic, const Configs& set,
                           const std::vector<std::string>& unset) {
  IncrementalAlterConfigs::Request request;
  auto& resource = request.resources.emplace_back();
  resource.resource_type = kTopicResource;
  resource.resource_name = topic;
  for (const auto& [name, value] : set) resource.configs.push_back({name, kSet, value});
  for (const std::string& name : unset) resource.configs.push_back({name, kDelete, std::nullopt});
  return change<IncrementalAlterConfigs>(cluster, request, topic, &IncrementalAlterConfigs::Response::responses);
}

}  // namespace leat::client
