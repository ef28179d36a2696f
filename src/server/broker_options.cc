#include "server/broker_options.h"

#include "broker/catalog/broker_setting_table.h"
#include "server/properties.h"

namespace leat {
namespace {

Status take(const std::string& name, const std::string& value, BrokerSettings& settings,
            std::vector<std::string>& ignored) {
  TRY_ASSIGN(Effect effect, set_broker_setting(settings, name, value));
  if (effect == Effect::kIgnored) ignored.push_back(name);
  return {};
}

}  // namespace

Status read_broker_properties(const std::string& path, const std::string& text, BrokerSettings& settings,
                              std::vector<std::string>& ignored) {
  auto at_line = [&path](int line, const Error& error) {
    return Error{error.code, path + ", line " + std::to_string(line) + ": " + error.message};
  };
  for (const Property& property : parse_properties(text)) {
    Status taken = take(property.name, property.value, settings, ignored);
    if (!taken) return at_line(property.line, taken.error());
  }
  return {};
}

Status read_broker_option(const std::string& option, BrokerSettings& settings, std::vector<std::string>& ignored) {
  size_t equals = option.find('=');
  if (equals == std::string::npos) {
    return Error{Errc::kInvalidArgument, "--set " + option + ": expected NAME=VALUE"};
  }
  std::string name = option.substr(0, equals);
  const Setting* setting = broker_settings().find(name);
  if (setting != nullptr && setting->type == ConfigType::kPassword) {  // Everybody sees the arguments of a program.
    return Error{Errc::kInvalidArgument, "--set " + name + ": a secret is not for a command line; give it in --config"};
  }
  return take(name, option.substr(equals + 1), settings, ignored);
}

}  // namespace leat
