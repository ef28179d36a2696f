#pragma once
// THE TABLE of what only a broker has: a row for each setting. broker_setting_table.h is how it is used.
#include <span>
#include <variant>

#include "broker/broker_settings.h"

namespace leat {

enum class Change : uint8_t { kAtStart, kAnyTime };

struct BrokerSettingRow {
  using Member =
      std::variant<std::monostate, bool BrokerSettings::*, int32_t BrokerSettings::*, int64_t BrokerSettings::*,
                   std::vector<std::string> BrokerSettings::*, int32_t GroupSettings::*, int64_t GroupSettings::*,
                   std::string GroupSettings::*, std::vector<std::string> GroupSettings::*, bool SecuritySettings::*,
                   int64_t SecuritySettings::*, std::string SecuritySettings::*,
                   std::vector<std::string> SecuritySettings::*>;
  const char* name;
  ConfigType type;
  const char* fallback;  // nullptr: the member's.
  const char* allowed;   // As in Setting.
  Change change;
  const char* about;
  Member member = {};
};
std::span<const BrokerSettingRow> broker_setting_rows();

// Kafka has it, and it is taken and shown here, without effect.
struct IgnoredSettingRow {
  const char* name;
  ConfigType type;
  const char* fallback;  // nullptr: none.
  Change change;
  const char* why;
};
std::span<const IgnoredSettingRow> ignored_setting_rows();

}  // namespace leat
