#pragma once
// Topics and their settings, changed from outside. Errors say what the broker said: kAlreadyExists, kNotFound,
// kInvalidArgument (a setting, a number of partitions, a name that it does not take).
#include "client/cluster.h"

namespace leat::client {

using Configs = std::map<std::string, std::string>;

struct NewTopic {
  std::string name;
  int32_t partitions = -1;   // -1: as the broker is set.
  int16_t replication = -1;  // The same.
  Configs configs;
};
// Returns when the cluster knows the topic.
Status create_topic(Cluster&, const NewTopic&);
Status delete_topic(Cluster&, const std::string& name);
// So that the topic has `count` of them: more than before.
Status create_partitions(Cluster&, const std::string& topic, int32_t count);

struct ConfigEntry {
  std::string name;
  std::optional<std::string> value;  // nullopt: secret, or none.
  bool is_set = false;               // On the topic itself; else it is the broker's setting or the default.
};
Result<std::vector<ConfigEntry>> describe_topic_configs(Cluster&, const std::string& topic);
// Sets some, and gives others back their default.
Status alter_topic_configs(Cluster&, const std::string& topic, const Configs& set,
                           const std::vector<std::string>& unset = {});

}  // namespace leat::client
