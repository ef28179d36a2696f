#include "format/options.h"

#include <charconv>

#include "base/units.h"

namespace leat {
const std::string* OptionReader::find(const std::string& name) {
  known_.insert(prefix_ + name);
  auto at = options_.find(prefix_ + name);
  return at == options_.end() ? nullptr : &at->second;
}

std::string OptionReader::text(const std::string& name, std::string fallback) {
  const std::string* value = find(name);
  if (value != nullptr) return *value;
  return fallback;
}

Result<bool> OptionReader::flag(const std::string& name, bool fallback) {
  const std::string* value = find(name);
  if (!value) return fallback;
  if (*value == "true" || *value == "TRUE") return true;
  if (*value == "false" || *value == "FALSE") return false;
  return Error{Errc::kInvalidArgument, "'" + prefix_ + name + "' = '" + *value + "': expected true or false"};
}

Result<char> OptionReader::character(const std::string& name, char fallback) {
  const std::string* value = find(name);
  if (!value) return fallback;
  if (*value == "\\t") return '\t';
  if (value->size() == 1) return (*value)[0];
  if (*value == "\\\\") return '\\';
  return Error{Errc::kInvalidArgument, "'" + prefix_ + name + "' = '" + *value + "': expected one ASCII character"};
}

Result<std::optional<int64_t>> OptionReader::integer(const std::string& name) {
  const std::string* value = find(name);
  if (!value) return std::optional<int64_t>();
  int64_t number = 0;
  auto [end, error] = std::from_chars(value->data(), value->data() + value->size(), number);
  if (error == std::errc() && end == value->data() + value->size()) return std::optional<int64_t>(number);
  return Error{Errc::kInvalidArgument, "'" + prefix_ + name + "' = '" + *value + "': expected a whole number"};
}

Result<std::optional<int64_t>> OptionReader::duration_ms(const std::string& name) {
  const std::string* value = find(name);
  if (!value) return std::optional<int64_t>();
  auto ms = parse_duration_ms(*value);
  if (!ms) return Error{Errc::kInvalidArgument, "'" + prefix_ + name + "': " + ms.error().message};
  return std::optional<int64_t>(*ms);
}

Result<std::optional<int64_t>> OptionReader::bytes(const std::string& name) {
  const std::string* value = find(name);
  if (!value) return std::optional<int64_t>();
  auto size = parse_memory_bytes(*value);
  if (!size) return Error{Errc::kInvalidArgument, "'" + prefix_ + name + "': " + size.error().message};
  return std::optional<int64_t>(*size);
}

Result<std::string> OptionReader::one_of(const std::string& name, const std::vector<std::string>& allowed,
                                         std::string fallback) {
  const std::string* value = find(name);
  if (!value) return fallback;
  std::string list;
  for (const std::string& candidate : allowed) {
    if (*value == candidate) return candidate;
    list += (list.empty() ? "" : ", ") + candidate;
  }
  return Error{Errc::kInvalidArgument, "'" + prefix_ + name + "' = '" + *value + "': expected one of " + list};
}

Status OptionReader::finish() const {
  for (const auto& [key, value] : options_) {
    bool elsewhere =
        !key.starts_with(prefix_) || (prefix_.empty() && not_ours_.contains(key.substr(0, key.find('.') + 1)));
    if (elsewhere || known_.contains(key)) continue;
    std::vector<std::string> names(known_.begin(), known_.end());
    return Error{Errc::kInvalidArgument, "unknown option '" + key + "'" + did_you_mean(key, names)};
  }
  return {};
}

}  // namespace leat
