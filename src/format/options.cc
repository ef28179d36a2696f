#include "format/options.h"

#include <algorithm>

namespace leat {
namespace {

size_t edit_distance(const std::string& a, const std::string& b) {
  std::vector<size_t> row(b.size() + 1);
  for (size_t j = 0; j <= b.size(); ++j) row[j] = j;
  for (size_t i = 1; i <= a.size(); ++i) {
    size_t diagonal = row[0];
    row[0] = i;
    for (size_t j = 1; j <= b.size(); ++j) {
      size_t above = row[j];
      row[j] = std::min({above + 1, row[j - 1] + 1, diagonal + (a[i - 1] != b[j - 1])});
      diagonal = above;
    }
  }
  return row[b.size()];
}

}  // namespace

const std::string* OptionReader::find(const std::string& name) {
  known_.insert(prefix_ + name);
  auto at = options_.find(prefix_ + name);
  return at == options_.end() ? nullptr : &at->second;
}

std::string OptionReader::text(const std::string& name, std::string fallback) {
  const std::string* value = find(name);
  return value ? *value : std::move(fallback);
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
    if (!key.starts_with(prefix_) || known_.contains(key)) continue;
    auto nearest = std::min_element(known_.begin(), known_.end(), [&](const std::string& a, const std::string& b) {
      return edit_distance(key, a) < edit_distance(key, b);
    });
    std::string hint = nearest == known_.end() ? "" : "; did you mean '" + *nearest + "'?";
    return Error{Errc::kInvalidArgument, "unknown option '" + key + "'" + hint};
  }
  return {};
}

}  // namespace leat
