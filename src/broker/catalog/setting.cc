#include "broker/catalog/setting.h"

#include <algorithm>
#include <charconv>

#include "base/check.h"

namespace leat {
namespace {

using enum ConfigType;

template <class T>
bool parse_number(const std::string& text, T& out) {
  auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), out);
  return error == std::errc() && end == text.data() + text.size();
}

std::string joined_choices(std::string allowed) {
  for (size_t bar = 0; (bar = allowed.find('|', bar)) != std::string::npos; bar += 2) allowed.replace(bar, 1, ", ");
  return allowed;
}

bool is_choice(const std::string& allowed, const std::string& value) {
  return value.find('|') == std::string::npos && ("|" + allowed + "|").find("|" + value + "|") != std::string::npos;
}

// What is wrong with the number, or nothing. `T`: int64_t or double.
template <class T>
std::string wrong_number(const std::string& allowed, T number) {
  size_t dots = allowed.find("..");
  if (dots == std::string::npos) return {};
  T limit{};
  if (parse_number(allowed.substr(0, dots), limit) && number < limit) {
    return "Value must be at least " + allowed.substr(0, dots);
  }
  if (parse_number(allowed.substr(dots + 2), limit) && number > limit) {
    return "Value must be no more than " + allowed.substr(dots + 2);
  }
  return {};
}

template <class T>
std::string wrong_whole(const Setting& setting, const std::string& value, const char* type) {
  T number = 0;
  if (!parse_number(value, number)) return std::string("Not a number of type ") + type;
  return wrong_number<int64_t>(setting.allowed, number);
}

// Of max.connections.per.ip.overrides. Addresses of IPv6 have colons of their own.
std::string wrong_count(const std::string& value) {
  for (const std::string& part : list_parts(value)) {
    size_t colon = part.rfind(':');
    int32_t count = 0;
    bool good = colon != std::string::npos && colon > 0 && parse_number(part.substr(colon + 1), count) && count >= 0;
    if (!good) return "'" + part + "' is not ADDRESS:COUNT";
  }
  return {};
}

std::string wrong_choice(const Setting& setting, const std::string& value) {
  if (setting.allowed == "address:count") return wrong_count(value);
  if (setting.allowed.empty() || is_choice(setting.allowed, value)) return {};
  return "String must be one of: " + joined_choices(setting.allowed);
}

std::string wrong_list(const Setting& setting, const std::string& value) {
  for (const std::string& part : list_parts(value)) {
    std::string wrong = wrong_choice(setting, part);
    if (!wrong.empty()) return wrong;
  }
  return {};
}

std::string wrong_boolean(const Setting& setting, const std::string& value) {
  if (value != "true" && value != "false") return "Expected value to be either true or false";
  return wrong_choice(setting, value);
}

std::string wrong_double(const Setting& setting, const std::string& value) {
  double number = 0;
  if (!parse_number(value, number)) return "Not a number of type DOUBLE";
  return wrong_number(setting.allowed, number);
}

std::string wrong(const Setting& setting, const std::string& value) {
  switch (setting.type) {
    case kBoolean:
      return wrong_boolean(setting, value);
    case kShort:
      return wrong_whole<int16_t>(setting, value, "SHORT");
    case kInt:
      return wrong_whole<int32_t>(setting, value, "INT");
    case kLong:
      return wrong_whole<int64_t>(setting, value, "LONG");
    case kDouble:
      return wrong_double(setting, value);
    case kList:
      return wrong_list(setting, value);
    case kString:
    case kClass:
    case kPassword:
      return wrong_choice(setting, value);
  }
  return {};
}

}  // namespace

SettingTable::SettingTable(std::vector<Setting> settings) : settings_(std::move(settings)) {
  std::sort(settings_.begin(), settings_.end(), [](const auto& a, const auto& b) { return a.name < b.name; });
  auto same = [](const auto& a, const auto& b) { return a.name == b.name; };
  CHECK(std::adjacent_find(settings_.begin(), settings_.end(), same) == settings_.end());
}

const Setting* SettingTable::find(const std::string& name) const {
  auto found =
      std::lower_bound(settings_.begin(), settings_.end(), name,
                       [](const Setting& setting, const std::string& wanted) { return setting.name < wanted; });
  return found != settings_.end() && found->name == name ? &*found : nullptr;
}

std::vector<std::string> SettingTable::names() const {
  std::vector<std::string> out;
  for (const Setting& setting : settings_) out.push_back(setting.name);
  return out;
}

Status check_value(const Setting& setting, const std::string& value) {
  std::string what = wrong(setting, value);
  if (what.empty()) return {};
  std::string shown = setting.type == kPassword ? "[hidden]" : value;
  return Error{Errc::kInvalidArgument, "Invalid value " + shown + " for configuration " + setting.name + ": " + what};
}

int64_t number_of(const std::string& value) {
  int64_t out = 0;
  CHECK(parse_number(value, out));
  return out;
}

std::vector<std::string> list_parts(const std::string& value) {
  std::vector<std::string> out;
  for (size_t from = 0; from < value.size();) {
    size_t comma = std::min(value.find(',', from), value.size());
    size_t first = value.find_first_not_of(' ', from);
    size_t last = comma == 0 ? 0 : value.find_last_not_of(' ', comma - 1);
    out.push_back(first >= comma ? std::string() : value.substr(first, last + 1 - first));
    from = comma + 1;
  }
  return out;
}

}  // namespace leat
