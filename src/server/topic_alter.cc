// leat topic alter
#include "client/topics.h"
#include "server/cluster_access.h"
#include "server/command.h"
#include "server/config_pairs.h"

namespace leat {
namespace {

Status alter(const Arguments& arguments, Console& console) {
  const std::string& topic = arguments.operands()[0];
  TRY_ASSIGN(int64_t partitions, arguments.number_or("--partitions", 0));
  TRY_ASSIGN(auto set, config_pairs(arguments, "--config"));
  std::vector<std::string> unset = arguments.all("--unset");
  if (partitions == 0 && set.empty() && unset.empty()) {
    return Error{Errc::kInvalidArgument, "nothing to alter: give --partitions, --config or --unset"};
  }
  if (partitions > INT32_MAX) return Error{Errc::kInvalidArgument, "--partitions: not that many"};
  TRY_ASSIGN(auto access, ClusterAccess::open(arguments, console));
  TRY(access->cluster().topic(topic));
  if (!set.empty() || !unset.empty()) TRY(client::alter_topic_configs(access->cluster(), topic, set, unset));
  if (partitions > 0) TRY(client::create_partitions(access->cluster(), topic, static_cast<int32_t>(partitions)));
  console.note("altered topic '" + topic + "'");
  return {};
}

}  // namespace

Command topic_alter_command() {
  Command command;
  command.name = "topic alter";
  command.operands = "TOPIC";
  command.operands_min = command.operands_max = 1;
  command.summary = "Change a topic's settings, or give it more partitions.";
  command.details = "Partitions can only become more; records with a key go to other partitions from then on.";
  command.options =
      with_cluster_options({{"--partitions", 'p', "N", "How many partitions it has then."},
                            {"--config", 'c', "NAME=VALUE", "Set this. Repeatable.", {}, true},
                            {"--unset", 0, "NAME", "Back to the broker's setting. Repeatable.", {}, true}});
  command.examples = {
      {"leat topic alter flights --config retention.ms=3600000 --unset cleanup.policy", "For an hour."}};
  command.run = run_or_fail<alter>;
  command.examples_run = false;
  return command;
}

}  // namespace leat
