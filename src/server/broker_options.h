#pragma once
// `leat serve --set`: Kafka's names of broker settings, and what becomes of each.
#include <string>
#include <vector>

#include "base/result.h"
#include "broker/broker_settings.h"

namespace leat {

enum class SettingEffect : uint8_t { kTaken, kIgnored };

// Puts a setting into `settings`. kIgnored: Kafka has it, and it means nothing on one node. kInvalidArgument: nobody
// has it (the nearest is named), or it does not take the value.
Result<SettingEffect> set_broker_option(BrokerSettings& settings, const std::string& name, const std::string& value);

std::vector<std::string> broker_option_names();

}  // namespace leat
