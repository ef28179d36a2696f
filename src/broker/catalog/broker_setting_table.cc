#include "broker/catalog/broker_setting_table.h"

#include "base/check.h"
#include "base/units.h"
#include "broker/catalog/broker_setting_rows.h"
#include "broker/catalog/group_setting_table.h"
#include "broker/catalog/topic_settings.h"

namespace leat {
namespace {

const BrokerSettingRow* find_row(const std::string& name) {
  for (const BrokerSettingRow& row : broker_setting_rows()) {
    if (name == row.name) return &row;
  }
  return nullptr;
}

std::string text_of(const std::string& value) {
  return value;
}
std::string text_of(const std::vector<std::string>& value) {
  std::string out;
  for (const std::string& part : value) out += (out.empty() ? "" : ",") + part;
  return out;
}
template <class Number>
requires std::is_arithmetic_v<Number> std::string text_of(Number value) {
  if constexpr (std::is_same_v<Number, bool>) return value ? "true" : "false";
  return std::to_string(value);
}

void assign(bool& member, const std::string& value) {
  member = value == "true";
}
void assign(std::string& member, const std::string& value) {
  member = value;
}
void assign(std::vector<std::string>& member, const std::string& value) {
  member = list_parts(value);
}
template <class Number>
void assign(Number& member, const std::string& value) {
  member = static_cast<Number>(number_of(value));
}

// Calls `use` with a reference to the member, unless the row has none.
template <class Settings, class Use>
void with_member(const BrokerSettingRow& row, Settings& settings, const Use& use) {
  std::visit(
      [&]<class Member>(Member member) {
        if constexpr (std::is_invocable_v<Member, GroupSettings&>) {
          use(settings.group.*member);
        } else if constexpr (std::is_invocable_v<Member, SecuritySettings&>) {
          use(settings.security.*member);
        } else if constexpr (!std::is_same_v<Member, std::monostate>) {
          use(settings.*member);
        }
      },
      row.member);
}

std::vector<Setting> all_rows() {
  std::vector<Setting> out;
  const BrokerSettings defaults;
  for (const BrokerSettingRow& row : broker_setting_rows()) {
    Setting setting{row.name, row.type, {}, row.allowed, row.about};
    if (row.fallback != nullptr) setting.fallback = row.fallback;
    with_member(row, defaults, [&](const auto& member) { setting.fallback = text_of(member); });
    out.push_back(std::move(setting));
  }
  for (const IgnoredSettingRow& row : ignored_setting_rows()) {
    Setting setting{row.name, row.type, {}, "", row.why, Effect::kIgnored};
    if (row.fallback != nullptr) setting.fallback = row.fallback;
    out.push_back(std::move(setting));
  }
  return out;
}

// The broker's settings behind those of topics or groups. Only the weakest of several names has a default.
void add_synonyms(const SettingTable& from, const char* whose, std::vector<Setting>& into) {
  for (const Setting& setting : from) {
    for (const Synonym& synonym : setting.synonyms) {
      if (find_row(synonym.name) != nullptr) continue;
      Setting row{synonym.name, setting.type, {}, setting.allowed, {}, setting.effect};
      row.about = std::string("of ") + whose + " that do not set " + setting.name + ": " + setting.about;
      if (synonym.unit != 1) row.allowed = "-1..";
      if (&synonym == &setting.synonyms.back()) row.fallback = setting.fallback;
      if (row.fallback && synonym.unit != 1) {
        row.fallback = std::to_string(number_of(*setting.fallback) / synonym.unit);
      }
      into.push_back(std::move(row));
    }
  }
}

}  // namespace

const SettingTable& broker_settings() {
  static const SettingTable kTable([] {
    std::vector<Setting> rows = all_rows();
    add_synonyms(topic_settings(), "topics", rows);
    add_synonyms(group_settings(), "groups", rows);
    return rows;
  }());
  return kTable;
}

bool is_dynamic(const std::string& name) {
  const BrokerSettingRow* row = find_row(name);
  if (row != nullptr) return row->change == Change::kAnyTime;
  for (const IgnoredSettingRow& ignored : ignored_setting_rows()) {
    if (name == ignored.name) return ignored.change == Change::kAnyTime;
  }
  // What gives topics their defaults: any time, but for the coarse units, as in Kafka.
  for (const Setting& setting : topic_settings()) {
    if (!setting.synonyms.empty() && setting.synonyms.front().name == name) return true;
  }
  return false;
}

Status check_broker_setting(const std::string& name, const std::string& value) {
  const Setting* setting = broker_settings().find(name);
  if (setting != nullptr) return check_value(*setting, value);
  return Error{Errc::kInvalidArgument,
               "unknown setting '" + name + "'" + did_you_mean(name, broker_settings().names())};
}

void assign_broker_setting(BrokerSettings& settings, const std::string& name, const std::string& value) {
  const BrokerSettingRow* row = find_row(name);
  if (row == nullptr) return;
  with_member(*row, settings, [&value](auto& member) { assign(member, value); });
}

Result<Effect> set_broker_setting(BrokerSettings& settings, const std::string& name, const std::string& value) {
  TRY(check_broker_setting(name, value));
  assign_broker_setting(settings, name, value);
  settings.given[name] = value;
  return broker_settings().find(name)->effect;
}

}  // namespace leat
