#pragma once
// The settings of a broker: one row each in broker_setting_table.cc, and one for each that gives a topic's or a group's
// setting its default (those come from the tables of topics and groups).
#include <variant>

#include "broker/broker_settings.h"

namespace leat {

const SettingTable& broker_settings();
// Whether it may be changed while the broker runs.
bool is_dynamic(const std::string& name);

// Puts a setting into the member that it belongs to, if it has one, and among `given`. kInvalidArgument, in Kafka's
// words: nobody has it (the nearest is named), or it does not take the value.
Result<Effect> set_broker_setting(BrokerSettings&, const std::string& name, const std::string& value);
Status check_broker_setting(const std::string& name, const std::string& value);
// Puts it into its member only: `name` and `value` were checked.
void assign_broker_setting(BrokerSettings&, const std::string& name, const std::string& value);

}  // namespace leat
