// Regular expressions. An invalid pattern gives NULL; one that Java takes and we do not is refused by name.
#include "columnar/java_regex.h"
#include "columnar/nested.h"
#include "columnar/registry.h"
#include "columnar/utf8.h"

namespace leat {
namespace {

// Flink logs an invalid pattern and says FALSE here, NULL everywhere else.
bool regexp(Row& row, BytesView text, BytesView pattern) {
  if (pattern.empty()) return false;
  const Regex* regex = regex_of(row, pattern);
  return regex != nullptr && find(*regex, text, 0, {});
}

std::optional<std::string> regexp_replace(Row& row, BytesView text, BytesView pattern, BytesView with) {
  const Regex* regex = regex_of(row, pattern);
  if (regex == nullptr) return std::nullopt;
  std::string out;
  size_t copied = 0;
  BytesView group;
  for_each_match(*regex, text, {&group, 1}, [&] {
    const size_t start = text.empty() ? 0 : static_cast<size_t>(group.data() - text.data());
    out += text.substr(copied, start - copied);
    out += with;
    copied = start + group.size();
  });
  out += text.substr(copied);
  return out;
}

std::optional<std::string> regexp_extract(Row& row, BytesView text, BytesView pattern, int64_t index) {
  const Regex* regex = regex_of(row, pattern);
  if (regex == nullptr || index < 0 || index > group_count(*regex)) return std::nullopt;
  std::vector<BytesView> groups(static_cast<size_t>(index) + 1);
  if (!find(*regex, text, 0, groups) || groups.back().data() == nullptr) return std::nullopt;
  return std::string(groups.back());
}

std::optional<std::string> extract_all(Row& row, BytesView text, BytesView pattern, int64_t index) {
  const Regex* regex = regex_of(row, pattern);
  if (regex == nullptr || index < 0 || index > group_count(*regex)) return std::nullopt;
  std::vector<BytesView> groups(static_cast<size_t>(index) + 1);
  std::vector<Value> found;
  for_each_match(*regex, text, groups, [&] {
    const BytesView group = groups.back();
    found.push_back(group.data() == nullptr ? Value{} : Value{std::string(group)});
  });
  return encode_array(found);
}

std::optional<int64_t> regexp_count(Row& row, BytesView text, BytesView pattern) {
  const Regex* regex = regex_of(row, pattern);
  if (regex == nullptr) return std::nullopt;
  int64_t count = 0;
  BytesView group;
  for_each_match(*regex, text, {&group, 1}, [&] { ++count; });
  return count;
}

std::optional<int64_t> regexp_instr(Row& row, BytesView text, BytesView pattern) {
  const Regex* regex = regex_of(row, pattern);
  if (regex == nullptr) return std::nullopt;
  BytesView group;
  if (!find(*regex, text, 0, {&group, 1})) return 0;
  return 1 + (text.empty() ? 0 : count_utf16(text.substr(0, static_cast<size_t>(group.data() - text.data()))));
}

std::optional<std::string> regexp_substr(Row& row, BytesView text, BytesView pattern) {
  return regexp_extract(row, text, pattern, 0);
}

// java.lang.String.split(regex, limit): no empty text at the start for an empty match, none at the end without a limit.
std::vector<BytesView> java_split(const Regex& regex, BytesView text, size_t limit) {
  std::vector<BytesView> parts;
  size_t copied = 0;
  BytesView group;
  for_each_match(regex, text, {&group, 1}, [&] {
    const auto start = static_cast<size_t>(group.data() - text.data());
    const bool empty_start = start == 0 && group.empty();
    if (empty_start || (limit != 0 && parts.size() + 1 >= limit) || (group.empty() && start >= text.size())) return;
    parts.push_back(text.substr(copied, start - copied));
    copied = start + group.size();
  });
  parts.push_back(text.substr(copied));
  while (limit == 0 && parts.size() > 1 && parts.back().empty()) parts.pop_back();
  return parts;
}

std::optional<std::string> str_to_map(Row&, BytesView text, BytesView pairs_by, BytesView values_by) {
  if (text.empty()) return encode_map({});
  const Regex pairs(pairs_by), values(values_by);
  if (!pairs.compiled || !values.compiled) return std::nullopt;
  std::vector<std::pair<Value, Value>> entries;
  for (const BytesView pair : java_split(pairs, text, 0)) {
    const std::vector<BytesView> parts = pair.empty() ? std::vector{pair} : java_split(values, pair, 2);
    entries.emplace_back(Value{std::string(parts[0])}, parts.size() < 2 ? Value{} : Value{std::string(parts[1])});
  }
  return encode_map(std::move(entries));
}

// SPLIT(text, delimiter): the delimiter is plain text; an empty one splits into characters.
std::string split(BytesView text, BytesView delimiter) {
  std::vector<Value> parts;
  if (delimiter.empty()) {
    for (; !text.empty(); text.remove_prefix(next_code_point(text).size)) {
      parts.push_back({std::string(text.substr(0, next_code_point(text).size))});
    }
    return encode_array(parts);
  }
  if (text.empty()) return encode_array(parts);
  for (;;) {
    const size_t found = text.find(delimiter);
    parts.push_back({std::string(text.substr(0, found))});
    if (found == BytesView::npos) return encode_array(parts);
    text.remove_prefix(found + delimiter.size());
  }
}

constexpr Overload kRegex[] = {
    {"REGEXP", "ss", "b", row_kernel<&regexp>},
    {"REGEXP_REPLACE", "sss", "s", row_kernel<&regexp_replace>, kNullResult},
    {"REGEXP_EXTRACT", "ss", "s", row_kernel<&regexp_substr>, kNullResult},
    {"REGEXP_EXTRACT", "ssl", "s", row_kernel<&regexp_extract>, kNullResult},
    {"REGEXP_COUNT", "ss", "i", row_kernel<&regexp_count>, kNullResult},
    {"REGEXP_INSTR", "ss", "i", row_kernel<&regexp_instr>, kNullResult},
    {"REGEXP_SUBSTR", "ss", "s", row_kernel<&regexp_substr>, kNullResult},
};

constexpr Overload kExtractAll[] = {
    {"REGEXP_EXTRACT_ALL", "ss", "s",
     row_kernel<[](Row& row, BytesView text, BytesView pattern) { return extract_all(row, text, pattern, 1); }>,
     kNullResult},
    {"REGEXP_EXTRACT_ALL", "ssl", "s", row_kernel<&extract_all>, kNullResult},
};

constexpr Overload kStrToMap[] = {
    {"STR_TO_MAP", "s", "s", row_kernel<[](Row& row, BytesView text) { return str_to_map(row, text, ",", "="); }>,
     kNullResult},
    {"STR_TO_MAP", "sss", "s", row_kernel<&str_to_map>, kNullResult},
};

constexpr Overload kSplit[] = {{"SPLIT", "ss", "s", row_kernel<&split>}};

ExprPtr with_type(const ExprPtr& call, DataType type) {
  auto copy = std::make_shared<Expr>(*call);
  copy->type = type.with_nullable(call->type.nullable);
  return copy;
}

Result<ExprPtr> make_regex(std::string_view name, std::vector<ExprPtr> args) {
  TRY_ASSIGN(ExprPtr call, make_overloaded(name, kRegex, std::move(args)));
  return with_prepared_regex(std::move(call), 1);
}

Result<ExprPtr> make_extract_all(std::string_view name, std::vector<ExprPtr> args) {
  TRY_ASSIGN(ExprPtr call, make_overloaded(name, kExtractAll, std::move(args)));
  return with_prepared_regex(with_type(call, DataType::array(DataType::string())), 1);
}

Result<ExprPtr> make_str_to_map(std::string_view name, std::vector<ExprPtr> args) {
  TRY_ASSIGN(ExprPtr call, make_overloaded(name, kStrToMap, std::move(args)));
  return with_type(call, DataType::map(DataType::string(), DataType::string()));
}

Result<ExprPtr> make_split(std::string_view name, std::vector<ExprPtr> args) {
  TRY_ASSIGN(ExprPtr call, make_overloaded(name, kSplit, std::move(args)));
  return with_type(call, DataType::array(DataType::string()));
}

constexpr Special kRegexSpecials[] = {
    {"REGEXP", make_regex, "REGEXP(STRING, STRING)"},
    {"REGEXP_REPLACE", make_regex, "REGEXP_REPLACE(STRING, STRING, STRING)"},
    {"REGEXP_EXTRACT", make_regex, "REGEXP_EXTRACT(STRING, STRING[, INTEGER])"},
    {"REGEXP_EXTRACT_ALL", make_extract_all, "REGEXP_EXTRACT_ALL(STRING, STRING[, INTEGER])"},
    {"REGEXP_COUNT", make_regex, "REGEXP_COUNT(STRING, STRING)"},
    {"REGEXP_INSTR", make_regex, "REGEXP_INSTR(STRING, STRING)"},
    {"REGEXP_SUBSTR", make_regex, "REGEXP_SUBSTR(STRING, STRING)"},
    {"STR_TO_MAP", make_str_to_map, "STR_TO_MAP(STRING[, STRING, STRING])"},
    {"SPLIT", make_split, "SPLIT(STRING, STRING)"},
};

}  // namespace

Family regex_family() {
  return {"Regular expressions", {}, kRegexSpecials};
}

}  // namespace leat
