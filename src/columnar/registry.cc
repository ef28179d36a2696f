#include "columnar/registry.h"

#include <algorithm>
#include <array>
#include <unordered_map>

namespace leat {
namespace {

struct Known {
  std::vector<const Overload*> overloads;
  const Special* special = nullptr;
};

const std::unordered_map<std::string_view, Known>& known_functions() {
  static const auto* const known = [] {
    auto* map = new std::unordered_map<std::string_view, Known>;
    for (const Family& family : families()) {
      for (const Overload& overload : family.overloads) (*map)[overload.name].overloads.push_back(&overload);
      for (const Special& special : family.specials) (*map)[special.name].special = &special;
    }
    return map;
  }();
  return *known;
}

DataType type_of_letter(char letter) {
  switch (letter) {
    case 's':
      return DataType::string();
    case 'x':
      return DataType::bytes();
    case 'i':
      return DataType::integer();
    case 'l':
      return DataType::bigint();
    case 'd':
      return DataType::float64();
    case 'b':
      return DataType::boolean();
    case 'D':
      return DataType::date();
    case 'T':
      return DataType::time(0);
    case 't':
      return DataType::timestamp(3);
    case 'z':
      return DataType::timestamp_ltz(3);
    case 'm':
      return DataType::interval_months();
    case 'u':
      return DataType::interval_micros();
    default:
      return DataType::null();
  }
}

bool accepts(char letter, const DataType& type) {
  switch (letter) {
    case 's':
      return type.is_text();
    case 'x':
      return type.is_binary();
    case 'i':
      return type.is_integer() && type.kind <= TypeKind::kInt;
    case 'l':
      return type.is_integer();
    case 'd':
      return type.is_numeric();
    case '.':
      return type.kind != TypeKind::kNull;
    default:
      return type.kind == type_of_letter(letter).kind;
  }
}

char letter_at(std::string_view letters, size_t i) {
  if (i < letters.size() && letters[i] != '*') return letters[i];
  return letters.size() >= 2 && letters.back() == '*' && i + 2 >= letters.size() ? letters[letters.size() - 2] : '\0';
}

bool matches(const Overload& overload, const std::vector<ExprPtr>& args) {
  const bool repeats = overload.args.ends_with('*');
  const size_t fixed = overload.args.size() - (repeats ? 2 : 0);
  if (args.size() < fixed || (args.size() > fixed && !repeats)) return false;
  for (size_t i = 0; i < args.size(); ++i) {
    if (!accepts(letter_at(overload.args, i), args[i]->type)) return false;
  }
  return true;
}

std::string_view name_of_letter(char letter) {
  switch (letter) {
    case 's':
      return "STRING";
    case 'x':
      return "BYTES";
    case 'd':
      return "NUMERIC";
    case 'l':
      return "INTEGER";
    case 't':
      return "TIMESTAMP";
    case 'z':
      return "TIMESTAMP_LTZ";
    case 'T':
      return "TIME";
    case 'i':
      return "INT";
    case 'b':
      return "BOOLEAN";
    case 'D':
      return "DATE";
    case '.':
      return "ANY";
    default:
      return "INTERVAL";
  }
}

std::string usage_of(const Known& known) {
  if (known.special != nullptr) return std::string(known.special->usage);
  std::string out;
  for (const Overload* overload : known.overloads) {
    if (!out.empty()) out += ", ";
    out += std::string(overload->name) + "(";
    for (size_t i = 0; i < overload->args.size(); ++i) {
      if (overload->args[i] == '*') {
        out += ", …";
        continue;
      }
      if (i > 0) out += ", ";
      out += name_of_letter(overload->args[i]);
    }
    out += ")";
  }
  return out;
}

ExprPtr apply(const Overload& overload, std::vector<ExprPtr> args) {
  const char letter = overload.result[0];
  DataType result =
      letter >= '0' && letter <= '9' ? args[static_cast<size_t>(letter - '0')]->type : type_of_letter(letter);
  for (size_t i = 0; i < args.size(); ++i) {
    const char wanted = letter_at(overload.args, i);
    // The physical type is what counts: CHAR(3) is text already, SMALLINT an integer.
    const DataType type = type_of_letter(wanted);
    if (wanted != '.' && args[i]->type.physical() != type.physical()) args[i] = Expr::make_cast(args[i], type);
  }
  result = strict_type(args, std::move(result));
  const bool null_aware = (overload.flags & (kHandlesNulls | kNullResult)) != 0;
  Function function;
  function.name = std::string(overload.name);
  function.kernel = overload.kernel;
  function.handles_nulls = (overload.flags & kHandlesNulls) != 0;
  function.deterministic = (overload.flags & kVolatile) == 0;
  function.zoned = (overload.flags & kZoned) != 0;
  return make_function_call(std::move(function), std::move(args), result.with_nullable(null_aware || result.nullable));
}

Result<ExprPtr> choose(std::string_view name, const Known& known, std::vector<ExprPtr> args) {
  for (const Overload* overload : known.overloads) {
    if (matches(*overload, args)) return apply(*overload, std::move(args));
  }
  return no_overload(name, args, usage_of(known));
}

// Edits to turn one name into the other.
size_t distance(std::string_view a, std::string_view b) {
  std::vector<size_t> row(b.size() + 1);
  for (size_t j = 0; j <= b.size(); ++j) row[j] = j;
  for (size_t i = 1; i <= a.size(); ++i) {
    size_t diagonal = row[0];
    row[0] = i;
    for (size_t j = 1; j <= b.size(); ++j) {
      const size_t replaced = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
      diagonal = row[j];
      row[j] = std::min({row[j] + 1, row[j - 1] + 1, replaced});
    }
  }
  return row.back();
}

// In Flink's documentation and not here.
constexpr std::string_view kUnsupportedNames[] = {
    "CURRENT_WATERMARK", "JSON_OBJECTAGG", "JSON_ARRAYAGG",    "PARSE_JSON",    "TRY_PARSE_JSON",
    "ML_PREDICT",        "INTERSECTION",   "OBJECT_OF",        "OBJECT_UPDATE", "URL_ENCODE_ALL",
    "ARRAY_AGG",         "COLLECT",        "CURRENT_DATABASE", "PRINTF",        "SOURCE_WATERMARK"};

Error unknown(std::string_view name) {
  if (std::ranges::find(kUnsupportedNames, name) != std::end(kUnsupportedNames)) {
    return {Errc::kUnsupported, "function " + std::string(name) + " is not supported yet"};
  }
  std::string_view nearest;
  size_t best = name.size() / 2 + 1;
  for (const auto& [candidate, known] : known_functions()) {
    const size_t edits = distance(name, candidate);
    if (edits < best || (edits == best && candidate < nearest)) {
      best = edits;
      nearest = candidate;
    }
  }
  std::string message = "no function " + std::string(name);
  if (!nearest.empty()) message += "; did you mean " + std::string(nearest) + "?";
  return {Errc::kNotFound, message};
}

}  // namespace

std::span<const Family> families() {
  static const std::array all{operator_family(),      logic_family(),
                              type_family(),          numeric_family(),
                              string_family(),        url_family(),
                              like_family(),          regex_family(),
                              encoding_family(),      temporal_family(),
                              timestamp_ltz_family(), extract_family(),
                              clock_family(),         timestamp_arithmetic_family(),
                              nested_family(),        array_family(),
                              map_family(),           json_query_family(),
                              json_construct_family()};
  return all;
}

ExprPtr make_function_call(Function function, std::vector<ExprPtr> args, DataType result) {
  auto expr = std::make_shared<Expr>();
  expr->kind = Expr::Kind::kCall;
  expr->type = std::move(result);
  expr->function = std::make_shared<const Function>(std::move(function));
  if (!args.empty()) {
    expr->line = args[0]->line;
    expr->character = args[0]->character;
  }
  expr->args = std::move(args);
  return expr;
}

DataType strict_type(const std::vector<ExprPtr>& args, DataType result) {
  const bool nullable = std::ranges::any_of(args, [](const ExprPtr& arg) { return arg->type.nullable; });
  return result.with_nullable(nullable);
}

bool is_literal(const Expr& expr) {
  return expr.kind == Expr::Kind::kLiteral && !expr.literal.is_null();
}

Error no_overload(std::string_view name, const std::vector<ExprPtr>& args, std::string_view usage) {
  std::string message = std::string(name) + "(";
  bool bare_null = false;
  for (const ExprPtr& arg : args) {
    if (&arg != &args.front()) message += ", ";
    message += arg->type.with_nullable(true).to_string();
    bare_null |= arg->type.kind == TypeKind::kNull;
  }
  message += ") does not exist; there is " + std::string(usage);
  if (bare_null) message += ". A bare NULL has no type: write CAST(NULL AS …)";
  return {Errc::kInvalidArgument, message};
}

Result<DataType> unify(std::vector<ExprPtr>& args, size_t first) {
  DataType common = args[first]->type;
  for (size_t i = first + 1; i < args.size(); ++i) {
    TRY_ASSIGN(common, common_type(common, args[i]->type));
  }
  for (size_t i = first; i < args.size(); ++i) args[i] = Expr::make_cast(args[i], common);
  return common;
}

Result<ExprPtr> make_call(std::string_view name, std::vector<ExprPtr> args) {
  const auto& known = known_functions();
  const auto found = known.find(name);
  if (found == known.end()) return unknown(name);
  if (found->second.special != nullptr) return found->second.special->make(name, std::move(args));
  return choose(name, found->second, std::move(args));
}

Result<ExprPtr> make_overloaded(std::string_view name, std::span<const Overload> overloads, std::vector<ExprPtr> args) {
  Known known;
  for (const Overload& overload : overloads) {
    if (overload.name == name) known.overloads.push_back(&overload);
  }
  return choose(name, known, std::move(args));
}

std::vector<std::string> function_names() {
  std::vector<std::string> names;
  for (const auto& [name, known] : known_functions()) {
    // FIELD and ITEM are what row.field and array[1] become; nobody calls them.
    const bool called = name != "FIELD" && name != "ITEM";
    if (called && name[0] >= 'A' && name[0] <= 'Z' && name.find(' ') == std::string_view::npos)
      names.emplace_back(name);
  }
  std::ranges::sort(names);
  return names;
}

}  // namespace leat
