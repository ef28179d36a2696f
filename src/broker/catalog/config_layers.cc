#include "broker/catalog/config_layers.h"

#include <algorithm>
#include <charconv>

#include "base/check.h"
#include "broker/catalog/broker_setting_table.h"

namespace leat {

std::optional<std::string> value_of(const ConfigLayers& layers) {
  if (layers.empty()) return std::nullopt;
  const ConfigLayer& strongest = layers.front();
  if (strongest.unit == 1) return strongest.value;
  int64_t number = number_of(strongest.value);
  return std::to_string(number < 0 ? number : number * strongest.unit);
}

void BrokerConfigs::add(const std::vector<Synonym>& names, ConfigLayers& into) const {
  auto add_set = [&](const SetValues& from, ConfigSource source) {
    for (const Synonym& synonym : names) {
      auto found = from.find(synonym.name);
      if (found != from.end()) into.push_back({synonym.name, found->second, source, synonym.unit});
    }
  };
  add_set(dynamic_, ConfigSource::kDynamicBroker);
  add_set(dynamic_default_, ConfigSource::kDynamicDefault);
  add_set(given_, ConfigSource::kStatic);
  for (const Synonym& synonym : names) {
    const Setting* setting = broker_settings().find(synonym.name);
    if (setting->fallback) into.push_back({synonym.name, *setting->fallback, ConfigSource::kDefault, synonym.unit});
  }
}

ConfigLayers BrokerConfigs::of_broker(const Setting& setting) const {
  ConfigLayers out;
  add({{setting.name}}, out);
  return out;
}

ConfigLayers BrokerConfigs::of_other(const Setting& setting, const SetValues& own, ConfigSource own_source) const {
  ConfigLayers out;
  auto found = own.find(setting.name);
  if (found != own.end()) out.push_back({setting.name, found->second, own_source});
  add(setting.synonyms, out);
  if (setting.synonyms.empty() && setting.fallback) {
    out.push_back({setting.name, *setting.fallback, ConfigSource::kDefault});
  }
  return out;
}

std::string EffectiveConfigs::text(const std::string& name) const {
  const Setting* setting = table_.find(name);
  CHECK(setting != nullptr);
  auto value = value_of(broker_.of_other(*setting, own_, ConfigSource::kTopic));
  CHECK(value);
  return *value;
}

double EffectiveConfigs::fraction(const std::string& name) const {
  std::string value = text(name);
  double out = 0;
  std::from_chars(value.data(), value.data() + value.size(), out);
  return out;
}

bool EffectiveConfigs::has(const std::string& name, const std::string& part) const {
  auto parts = list_parts(text(name));
  return std::find(parts.begin(), parts.end(), part) != parts.end();
}

}  // namespace leat
