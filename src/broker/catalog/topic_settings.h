#pragma once
// The settings of a topic.
#include "broker/catalog/setting.h"

namespace leat {

const SettingTable& topic_settings();

// kInvalidArgument, in Kafka's words: an unknown name (with the nearest), or a value that it does not take.
Status check_topic_setting(const std::string& name, const std::string& value);

}  // namespace leat
