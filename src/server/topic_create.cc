// leat topic create
#include "client/topics.h"
#include "server/cluster_access.h"
#include "server/command.h"
#include "server/config_pairs.h"

namespace leat {
namespace {

Status create(const Arguments& arguments, Console& console) {
  client::NewTopic topic;
  topic.name = arguments.operands()[0];
  TRY_ASSIGN(int64_t partitions, arguments.number_or("--partitions", -1));
  TRY_ASSIGN(int64_t replication, arguments.number_or("--replication", -1));
  TRY_ASSIGN(topic.configs, config_pairs(arguments, "--config"));
  if (partitions == 0 || partitions > INT32_MAX || replication == 0 || replication > INT16_MAX) {
    return Error{Errc::kInvalidArgument, "a topic has at least one partition and one replica, and not that many"};
  }
  topic.partitions = static_cast<int32_t>(partitions);
  topic.replication = static_cast<int16_t>(replication);
  TRY_ASSIGN(auto access, ClusterAccess::open(arguments, console));
  TRY(client::create_topic(access->cluster(), topic));
  TRY_ASSIGN(auto made, access->cluster().topic(topic.name));
  console.note("created topic '" + topic.name + "', partitions: " + std::to_string(made.partitions.size()));
  return {};
}

}  // namespace

Command topic_create_command() {
  Command command;
  command.name = "topic create";
  command.operands = "TOPIC";
  command.operands_min = command.operands_max = 1;
  command.summary = "Create a topic.";
  command.details = "It returns when every partition has a leader. What is not said is as the broker is set.";
  command.options = with_cluster_options(
      {{"--partitions", 'p', "N", "How many partitions."},
       {"--replication", 'r', "N", "How many brokers keep each of them."},
       {"--config", 'c', "NAME=VALUE", "A setting, such as retention.ms=3600000. Repeatable.", {}, true}});
  command.examples = {{"leat topic create flights --partitions 6 --config retention.ms=86400000", "For a day."}};
  command.run = run_or_fail<create>;
  command.examples_run = false;
  return command;
}

}  // namespace leat
