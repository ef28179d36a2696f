#pragma once
// ConfigLayers: where the value of a setting comes from. Several may say something; the strongest of them counts.
#include "broker/catalog/setting.h"

namespace leat {

// As DescribeConfigs numbers them.
enum class ConfigSource : int8_t {
  kTopic = 1,
  kDynamicBroker = 2,   // Of this broker, changed while it ran.
  kDynamicDefault = 3,  // Of all brokers, changed while they ran.
  kStatic = 4,          // Given when it was started.
  kDefault = 5,
  kClientMetrics = 7,
  kGroup = 8,
};

struct ConfigLayer {
  std::string name;  // The setting's own, or a synonym's.
  std::string value;
  ConfigSource source = ConfigSource::kDefault;
  int64_t unit = 1;
};
using ConfigLayers = std::vector<ConfigLayer>;  // The strongest first; none: the value is Kafka's null.

std::optional<std::string> value_of(const ConfigLayers&);

// What is set of the broker itself. It lives as long as what it was made of.
class BrokerConfigs {
 public:
  BrokerConfigs(const SetValues& dynamic, const SetValues& dynamic_default, const SetValues& given)
      : dynamic_(dynamic), dynamic_default_(dynamic_default), given_(given) {}

  // Of one of broker_settings().
  ConfigLayers of_broker(const Setting&) const;
  // Of a topic's, a group's or another's setting, of which `own` is set.
  ConfigLayers of_other(const Setting&, const SetValues& own, ConfigSource own_source) const;

 private:
  void add(const std::vector<Synonym>& names, ConfigLayers& into) const;

  const SetValues& dynamic_;
  const SetValues& dynamic_default_;
  const SetValues& given_;
};

// The settings of one topic or group, with what stands behind those that are not set.
class EffectiveConfigs {
 public:
  EffectiveConfigs(const SettingTable& table, const SetValues& own, const BrokerConfigs& broker)
      : table_(table), own_(own), broker_(broker) {}

  // CHECKs that there is such a setting, and that it has a value.
  std::string text(const std::string& name) const;
  int64_t number(const std::string& name) const { return number_of(text(name)); }
  double fraction(const std::string& name) const;
  bool flag(const std::string& name) const { return text(name) == "true"; }
  bool has(const std::string& name, const std::string& part) const;  // Of a list.

 private:
  const SettingTable& table_;
  const SetValues& own_;
  BrokerConfigs broker_;
};

}  // namespace leat
