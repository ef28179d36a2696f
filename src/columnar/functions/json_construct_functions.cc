// JSON_OBJECT, JSON_ARRAY, JSON_STRING, JSON, JSON_QUOTE and JSON_UNQUOTE. What these make goes into another of them as
// it is, and not as a string.
#include <algorithm>

#include "columnar/json_tree.h"
#include "columnar/json_write.h"
#include "columnar/kernel.h"
#include "columnar/registry.h"
#include "columnar/utf16.h"

namespace leat {
namespace {

bool makes_json(const Expr& expr) {
  if (expr.kind != Expr::Kind::kCall) return false;
  const std::string& name = expr.function->name;
  return name == "JSON_OBJECT" || name == "JSON_ARRAY" || name == "JSON";
}

// What a call of JSON_OBJECT or JSON_ARRAY needs to know of its values.
struct Plan {
  bool null_on_null;
  std::vector<bool> is_json;      // Of each argument.
  std::vector<std::string> keys;  // JSON_OBJECT: in order, with their quotes.
  std::vector<size_t> order;      // JSON_OBJECT: the argument of each key.
};

void append_value(std::string& out, const Column& column, uint32_t row, bool is_json) {
  if (is_json && column.valid(row)) {
    out += column.bytes()[row];
  } else {
    append_json(out, column.value(row), column.type());
  }
}

void array_kernel(const Expr& call, std::span<const ColumnPtr> args, Selection selection, Column& out, EvalContext&) {
  const auto& plan = *static_cast<const Plan*>(call.function->prepared.get());
  std::string text;
  for (const uint32_t row : selection) {
    text = "[";
    for (size_t i = 0; i < args.size(); ++i) {
      if (!args[i]->valid(row) && !plan.null_on_null) continue;
      if (text.size() > 1) text += ',';
      append_value(text, *args[i], row, plan.is_json[i]);
    }
    text += ']';
    out.set_bytes(row, text);
  }
}

void object_kernel(const Expr& call, std::span<const ColumnPtr> args, Selection selection, Column& out, EvalContext&) {
  const auto& plan = *static_cast<const Plan*>(call.function->prepared.get());
  std::string text;
  for (const uint32_t row : selection) {
    text = "{";
    for (size_t i = 0; i < plan.keys.size(); ++i) {
      const Column& value = *args[plan.order[i]];
      if (!value.valid(row) && !plan.null_on_null) continue;
      if (text.size() > 1) text += ',';
      text += plan.keys[i];
      text += ':';
      append_value(text, value, row, plan.is_json[plan.order[i]]);
    }
    text += '}';
    out.set_bytes(row, text);
  }
}

// A bare NULL is a string that is not there.
Status check_value(std::string_view name, ExprPtr& value) {
  if (value->type.kind == TypeKind::kNull) value = Expr::make_literal({}, DataType::string());
  if (has_json(value->type)) return {};
  return Error{Errc::kInvalidArgument, std::string(name) + ": " + value->type.with_nullable(true).to_string() +
                                           " cannot be in JSON; CAST it to STRING"};
}

ExprPtr construct(std::string_view name, Kernel kernel, Plan plan, std::vector<ExprPtr> args) {
  for (const ExprPtr& arg : args) plan.is_json.push_back(makes_json(*arg));
  Function function;
  function.name = std::string(name);
  function.kernel = kernel;
  function.handles_nulls = true;
  function.prepared = std::make_shared<const Plan>(std::move(plan));
  return make_function_call(std::move(function), std::move(args), DataType::string().with_nullable(false));
}

bool is_null_on_null(const ExprPtr& clause) {
  return *std::get_if<std::string>(&clause->literal.data) == "NULL";
}

// args: what to do with NULL, then the values.
Result<ExprPtr> make_json_array(std::string_view name, std::vector<ExprPtr> args) {
  Plan plan{.null_on_null = is_null_on_null(args[0]), .is_json = {}, .keys = {}, .order = {}};
  args.erase(args.begin());
  for (ExprPtr& arg : args) TRY(check_value(name, arg));
  return construct(name, array_kernel, std::move(plan), std::move(args));
}

// args: what to do with NULL, then keys and values. Of equal keys the last one counts.
Result<ExprPtr> make_json_object(std::string_view name, std::vector<ExprPtr> args) {
  Plan plan{.null_on_null = is_null_on_null(args[0]), .is_json = {}, .keys = {}, .order = {}};
  std::vector<std::pair<std::string, size_t>> members;
  std::vector<ExprPtr> values;
  for (size_t i = 1; i + 1 < args.size(); i += 2) {
    const ExprPtr folded = fold_constants(args[i]);
    const auto* key = std::get_if<std::string>(&folded->literal.data);
    if (!is_literal(*folded) || key == nullptr || !args[i]->type.is_text()) {
      return Error{Errc::kInvalidArgument, "JSON_OBJECT: a key is a STRING literal"};
    }
    TRY(check_value(name, args[i + 1]));
    std::erase_if(members, [&](const auto& member) { return member.first == *key; });
    members.emplace_back(*key, values.size());
    values.push_back(args[i + 1]);
  }
  std::ranges::sort(members);
  for (const auto& [key, place] : members) {
    append_json_text(plan.keys.emplace_back(), key);
    plan.order.push_back(place);
  }
  return construct(name, object_kernel, std::move(plan), std::move(values));
}

void string_kernel(const Expr&, std::span<const ColumnPtr> args, Selection selection, Column& out, EvalContext&) {
  std::string text;
  for (const uint32_t row : selection) {
    text.clear();
    append_json(text, args[0]->value(row), args[0]->type());
    out.set_bytes(row, text);
  }
}

Result<ExprPtr> make_json_string(std::string_view name, std::vector<ExprPtr> args) {
  if (args.size() != 1 || !has_json(args[0]->type)) {
    return no_overload(name, args, "JSON_STRING(value) of what is no date, time or interval");
  }
  Function function;
  function.name = std::string(name);
  function.kernel = string_kernel;
  DataType type = strict_type(args, DataType::string());
  return make_function_call(std::move(function), std::move(args), std::move(type));
}

std::optional<std::string> checked_json(Row& row, BytesView text) {
  std::string why_not;
  const auto tree = JsonTree::parse(text, &why_not);
  if (!tree) return row.fail("json.invalid", "JSON: " + why_not);
  std::string out;
  tree->append(0, out);
  return out;
}

// All that is not ASCII, and the slash, as an escape.
std::string quoted(BytesView text) {
  std::string out = "\"";
  for (const char16_t unit : to_utf16(text)) {
    constexpr std::string_view kEscaped = "\"\\/\b\f\n\r\t", kLetters = "\"\\/bfnrt";
    const size_t known = unit < 0x80 ? kEscaped.find(static_cast<char>(unit)) : std::string_view::npos;
    if (known != std::string_view::npos) {
      out += '\\';
      out += kLetters[known];
    } else if (unit >= 0x20 && unit < 0x7F) {
      out += static_cast<char>(unit);
    } else {
      out += "\\u";
      for (int shift = 12; shift >= 0; shift -= 4) out += "0123456789abcdef"[(unit >> shift) & 15];
    }
  }
  return out + "\"";
}

// Without the quotes at its ends, and what is escaped between them as it is meant. A text without such quotes, or with
// an escape that JSON does not have, is left as it is.
std::string unquoted(BytesView text) {
  if (text.size() < 2 || !text.starts_with('"') || !text.ends_with('"')) return std::string(text);
  const BytesView inner = text.substr(1, text.size() - 2);
  std::string escaped = "\"";
  for (size_t i = 0; i < inner.size(); ++i) {
    // A quote may stand there without its escape.
    if (inner[i] == '"') escaped += '\\';
    escaped += inner[i];
    if (inner[i] == '\\' && i + 1 < inner.size()) escaped += inner[++i];
  }
  escaped += '"';
  const auto tree = JsonTree::parse(escaped);
  return std::string(tree ? tree->node(0).text : text);
}

constexpr Overload kJson[] = {
    {"JSON", "s", "s", row_kernel<&checked_json>},
    {"JSON_QUOTE", "s", "s", row_kernel<&quoted>},
    {"JSON_UNQUOTE", "s", "s", row_kernel<&unquoted>},
};

constexpr Special kJsonConstructSpecials[] = {
    {"JSON_OBJECT", make_json_object, "JSON_OBJECT([KEY] key VALUE value, … [NULL|ABSENT ON NULL])"},
    {"JSON_ARRAY", make_json_array, "JSON_ARRAY(value, … [NULL|ABSENT ON NULL])"},
    {"JSON_STRING", make_json_string, "JSON_STRING(value)"},
};

}  // namespace

Family json_construct_family() {
  return {"JSON, made", kJson, kJsonConstructSpecials};
}

}  // namespace leat
