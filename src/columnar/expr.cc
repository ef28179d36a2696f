// Making expressions, and what can be known of one without data.
#include "columnar/expr.h"

#include <algorithm>

#include "columnar/function.h"

namespace leat {
namespace {

// In its largest unit that gives a whole number: INTERVAL '5' MINUTE.
std::string interval_text(int64_t count, std::initializer_list<std::pair<int64_t, const char*>> units) {
  for (const auto& [size, unit] : units) {
    if (count % size != 0) continue;
    std::string number = std::to_string(count / size);
    size_t digits = number.size() - (count < 0 ? 1 : 0);
    return "INTERVAL '" + number + "' " + unit + (digits > 2 ? "(" + std::to_string(digits) + ")" : "");
  }
  return "";
}

std::string interval_text(const Expr& expr, const std::string& text) {
  constexpr int64_t kSecond = 1'000'000, kMinute = 60 * kSecond, kHour = 60 * kMinute, kDay = 24 * kHour;
  int64_t count = std::get<int64_t>(expr.literal.data);
  if (expr.type.kind == TypeKind::kIntervalMonths) return interval_text(count, {{12, "YEAR"}, {1, "MONTH"}});
  std::string whole = interval_text(count, {{kDay, "DAY"}, {kHour, "HOUR"}, {kMinute, "MINUTE"}, {kSecond, "SECOND"}});
  return whole.empty() ? "INTERVAL '" + text + "' DAY TO SECOND" : whole;
}

std::string literal_text(const Expr& expr) {
  if (expr.literal.is_null()) return "NULL";
  const EvalSettings utc;
  std::string text = value_to_text(expr.literal, expr.type, utc);
  switch (expr.type.kind) {
    case TypeKind::kChar:
    case TypeKind::kVarchar: {
      std::string quoted = "'";
      for (char c : text) quoted += c == '\'' ? "''" : std::string(1, c);
      return quoted + "'";
    }
    case TypeKind::kDate:
      return "DATE '" + text + "'";
    case TypeKind::kTime:
      return "TIME '" + text + "'";
    case TypeKind::kTimestamp:
    case TypeKind::kTimestampLtz:
      return "TIMESTAMP '" + text + "'";
    case TypeKind::kIntervalMonths:
    case TypeKind::kIntervalMicros:
      return interval_text(expr, text);
    default:
      return text;
  }
}

std::string joined(const std::vector<ExprPtr>& args, std::string_view separator, const Schema& schema) {
  std::string out;
  for (const ExprPtr& arg : args) {
    if (&arg != &args.front()) out += separator;
    out += to_string(*arg, schema);
  }
  return out;
}

bool is_symbol(std::string_view name) {
  return name.find_first_of("ABCDEFGHIJKLMNOPQRSTUVWXYZ") == std::string_view::npos;
}

std::string call_text(const Expr& expr, const Schema& schema) {
  const std::string& name = expr.function->name;
  const bool infix = is_symbol(name) || name == "LIKE" || name == "NOT LIKE" || name == "SIMILAR TO" ||
                     name == "IS DISTINCT FROM" || name == "IS NOT DISTINCT FROM";
  if (infix && expr.args.size() == 2) return "(" + joined(expr.args, " " + name + " ", schema) + ")";
  if (name.starts_with("IS ") && expr.args.size() == 1) {
    return "(" + to_string(*expr.args[0], schema) + " " + name + ")";
  }
  if (name == "NOT") return "(NOT " + to_string(*expr.args[0], schema) + ")";
  if (name == "IN") {
    const std::vector<ExprPtr> list(expr.args.begin() + 1, expr.args.end());
    return "(" + to_string(*expr.args[0], schema) + " IN (" + joined(list, ", ", schema) + "))";
  }
  if (name == "FIELD") return to_string(*expr.args[0], schema) + "." + to_string(*expr.args[1], schema);
  if (name == "ITEM") return to_string(*expr.args[0], schema) + "[" + to_string(*expr.args[1], schema) + "]";
  return name + "(" + joined(expr.args, ", ", schema) + ")";
}

std::string case_text(const Expr& expr, const Schema& schema) {
  std::string out = "CASE";
  for (size_t i = 0; i + 1 < expr.args.size(); i += 2) {
    out += " WHEN " + to_string(*expr.args[i], schema) + " THEN " + to_string(*expr.args[i + 1], schema);
  }
  if (expr.args.size() % 2 != 0) out += " ELSE " + to_string(*expr.args.back(), schema);
  return out + " END";
}

}  // namespace

ExprPtr Expr::make_column(uint32_t index, DataType type) {
  auto expr = std::make_shared<Expr>();
  expr->kind = Kind::kColumn;
  expr->type = std::move(type);
  expr->column = index;
  return expr;
}

ExprPtr Expr::make_literal(Value value, DataType type) {
  auto expr = std::make_shared<Expr>();
  expr->kind = Kind::kLiteral;
  expr->type = type.with_nullable(value.is_null());
  expr->literal = std::move(value);
  return expr;
}

ExprPtr Expr::make_cast(ExprPtr argument, DataType type, bool safe) {
  const bool nullable = argument->type.nullable || safe || type.kind == TypeKind::kDecimal;
  if (argument->type.same_kind(type)) return argument;
  if (argument->kind == Kind::kLiteral && argument->literal.is_null()) return make_literal({}, std::move(type));
  auto expr = std::make_shared<Expr>();
  expr->kind = Kind::kCast;
  expr->type = type.with_nullable(nullable);
  expr->safe = safe;
  expr->line = argument->line;
  expr->character = argument->character;
  expr->args.push_back(std::move(argument));
  return expr;
}

bool is_constant(const Expr& expr) {
  if (expr.kind == Expr::Kind::kColumn) return false;
  if (expr.function && !expr.function->deterministic) return false;
  return std::ranges::all_of(expr.args, [](const ExprPtr& arg) { return is_constant(*arg); });
}

void collect_columns(const Expr& expr, std::vector<bool>& used) {
  if (expr.kind == Expr::Kind::kColumn) {
    if (used.size() <= expr.column) used.resize(expr.column + 1);
    used[expr.column] = true;
  }
  for (const ExprPtr& arg : expr.args) collect_columns(*arg, used);
}

ExprPtr remap_columns(const ExprPtr& expr, std::span<const int> mapping) {
  if (expr->kind == Expr::Kind::kLiteral) return expr;
  auto copy = std::make_shared<Expr>(*expr);
  if (expr->kind == Expr::Kind::kColumn) {
    CHECK(expr->column < mapping.size() && mapping[expr->column] >= 0);
    copy->column = static_cast<uint32_t>(mapping[expr->column]);
  }
  for (ExprPtr& arg : copy->args) arg = remap_columns(arg, mapping);
  return copy;
}

bool same_expr(const Expr& a, const Expr& b) {
  if (a.kind != b.kind || !(a.type == b.type) || a.column != b.column || !(a.literal == b.literal) ||
      a.safe != b.safe || a.args.size() != b.args.size() || !a.function != !b.function) {
    return false;
  }
  if (a.function && a.function->name != b.function->name) return false;
  for (size_t i = 0; i < a.args.size(); ++i) {
    if (!same_expr(*a.args[i], *b.args[i])) return false;
  }
  return true;
}

std::string to_string(const Expr& expr, const Schema& schema) {
  switch (expr.kind) {
    case Expr::Kind::kColumn:
      return expr.column < schema.size() ? schema[expr.column].name : "$" + std::to_string(expr.column);
    case Expr::Kind::kLiteral:
      return literal_text(expr);
    case Expr::Kind::kCall:
      return call_text(expr, schema);
    case Expr::Kind::kCast:
      return std::string(expr.safe ? "TRY_CAST(" : "CAST(") + to_string(*expr.args[0], schema) + " AS " +
             expr.type.with_nullable(true).to_string() + ")";
    case Expr::Kind::kCase:
      return case_text(expr, schema);
    case Expr::Kind::kAnd:
      return "(" + joined(expr.args, " AND ", schema) + ")";
    case Expr::Kind::kOr:
      return "(" + joined(expr.args, " OR ", schema) + ")";
    case Expr::Kind::kCoalesce:
      return "COALESCE(" + joined(expr.args, ", ", schema) + ")";
  }
  return "?";
}

}  // namespace leat
