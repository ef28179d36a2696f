#pragma once
// The settings of a topic: Kafka's names, defaults and limits, with what of them this broker heeds.
#include <map>
#include <optional>
#include <span>
#include <string>

#include "base/result.h"

namespace leat {

enum class ConfigType : uint8_t { kBoolean = 1, kString = 2, kInt = 3, kShort = 4, kLong = 5, kDouble = 6, kList = 7 };

struct KnownTopicConfig {
  const char* name;
  ConfigType type;
  const char* fallback;
  const char* allowed;  // "min.." or "min..max" for numbers, "a|b|c" for choices and lists, "" for anything.
  const char* about;
};
std::span<const KnownTopicConfig> known_topic_configs();
const KnownTopicConfig* find_topic_config(const std::string& name);

// kInvalidArgument: an unknown name (with the nearest), or a value that it does not take.
Status check_topic_config(const std::string& name, const std::string& value);

// What was set of one topic, with the defaults behind it.
class TopicConfigs {
 public:
  std::map<std::string, std::string> set;

  std::string get(const std::string& name) const;  // CHECKs that the name is known.
  int64_t number(const std::string& name) const;
  bool compacts() const;  // cleanup.policy has "compact".
  bool deletes() const;
  bool operator==(const TopicConfigs&) const = default;
};

}  // namespace leat
