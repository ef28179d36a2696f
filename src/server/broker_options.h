#pragma once
// `leat serve --set` and `--config`: Kafka's names of broker settings, and what becomes of each.
#include <string>
#include <vector>

#include "base/result.h"
#include "broker/broker_settings.h"

namespace leat {

// Takes settings from a file of Java properties, as Kafka's server.properties is. The names of those that are ignored
// are added to `ignored`. kInvalidArgument names the file and the line.
Status read_broker_properties(const std::string& path, const std::string& text, BrokerSettings& settings,
                              std::vector<std::string>& ignored);
// Takes one NAME=VALUE.
Status read_broker_option(const std::string& option, BrokerSettings& settings, std::vector<std::string>& ignored);

}  // namespace leat
