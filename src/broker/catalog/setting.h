#pragma once
// Setting: what is known of one named value that somebody may set: Kafka's name, type, default and limits, and whether
// this broker heeds it. The tables of them (broker_setting_table.h, topic_settings.h, group_setting_table.h) are the
// only place where a setting is described: options of the program, files, requests that alter and requests that
// describe all read them.
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"

namespace leat {

// As DescribeConfigs numbers them.
enum class ConfigType : int8_t {
  kBoolean = 1,
  kString = 2,
  kInt = 3,
  kShort = 4,
  kLong = 5,
  kDouble = 6,
  kList = 7,
  kClass = 8,
  kPassword = 9
};

enum class Effect : uint8_t {
  kHeeded,
  kIgnored,  // Taken and shown: it means nothing on one node, or in this broker.
};

// A broker's setting that gives a topic's or a group's its default. `unit`: by what its numbers are multiplied.
struct Synonym {
  std::string name;
  int64_t unit = 1;
};

struct Setting {
  std::string name;
  ConfigType type = ConfigType::kString;
  std::optional<std::string> fallback;  // nullopt: Kafka's null.
  // "min.." or "min..max" for numbers, "a|b|c" for choices and lists, "address:count" for a list of such pairs, "" for
  // anything.
  std::string allowed;
  std::string about;
  Effect effect = Effect::kHeeded;
  std::vector<Synonym> synonyms = {};  // The strongest first.
};

// What has settings, as Kafka numbers them.
enum class ConfigResource : int8_t { kTopic = 2, kBroker = 4, kBrokerLogger = 8, kClientMetrics = 16, kGroup = 32 };

// Names, and what they are set to.
using SetValues = std::map<std::string, std::string>;

class SettingTable {
 public:
  explicit SettingTable(std::vector<Setting> settings);

  const Setting* find(const std::string& name) const;  // Null: there is none.
  std::vector<Setting>::const_iterator begin() const { return settings_.begin(); }
  std::vector<Setting>::const_iterator end() const { return settings_.end(); }
  std::vector<std::string> names() const;

 private:
  std::vector<Setting> settings_;  // By name.
};

// kInvalidArgument, in Kafka's words: what is wrong with the value.
Status check_value(const Setting&, const std::string& value);
// The number of a value that was checked.
int64_t number_of(const std::string& value);
// "a,b,c" in its parts, without the blanks around them; none of an empty text.
std::vector<std::string> list_parts(const std::string& value);

}  // namespace leat
