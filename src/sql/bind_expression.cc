// Expressions over a scope.
#include <algorithm>

#include "base/units.h"
#include "columnar/function.h"
#include "columnar/utf8.h"
#include "sql/binder.h"
#include "sql/error.h"
#include "sql/lexer.h"
#include "stream/aggregate.h"

namespace leat {
namespace {

std::string joined(const std::vector<std::string>& parts) {
  std::string out;
  for (const std::string& part : parts) out += (out.empty() ? "" : ".") + part;
  return out;
}

ExprPtr text_literal(std::string text) {
  const auto length = static_cast<int32_t>(count_utf16(text));  // As Java measures it.
  return Expr::make_literal(Value{std::move(text)}, DataType::character(length).with_nullable(false));
}

ExprPtr placed(const ExprPtr& expr, ast::Position at) {
  auto out = std::make_shared<Expr>(*expr);
  out->line = at.line;
  out->character = at.column;
  return out;
}

}  // namespace

Result<ExprPtr> ExpressionBinder::call(const ast::Expr& at, const std::string& function,
                                       std::vector<ExprPtr> args) const {
  auto made = make_call(function, std::move(args));
  if (made) return placed(*made, at.position);
  const Error& error = made.error();
  if (error.code == Errc::kUnsupported) return unsupported(script_, at.position, error.message);
  return sql_error(script_, at.position, error.message, error.code);
}

Result<std::pair<uint32_t, size_t>> ExpressionBinder::resolve(const ast::Expr& at, const ast::Name& name) const {
  auto find = [&](auto matches) {
    std::vector<uint32_t> out;
    for (uint32_t i = 0; i < scope_.size(); ++i) {
      if (matches(scope_[i])) out.push_back(i);
    }
    return out;
  };
  const auto& parts = name.parts;
  for (size_t qualified : {size_t{1}, size_t{0}}) {
    if (parts.size() <= qualified) continue;
    auto found = find([&](const ScopeColumn& column) {
      return column.field.name == parts[qualified] && (qualified == 0 || column.table == parts[0]);
    });
    if (found.size() > 1) return sql_error(script_, at.position, "column '" + parts[qualified] + "' is ambiguous");
    if (found.size() == 1) return std::pair(found[0], qualified + 1);
  }
  std::vector<std::string> known;
  for (const ScopeColumn& column : scope_) known.push_back(column.field.name);
  return sql_error(script_, at.position,
                   "column '" + joined(parts) + "' not found in any table" + did_you_mean(parts.back(), known));
}

Result<std::vector<ExprPtr>> ExpressionBinder::bind_all(const std::vector<ast::ExprPtr>& list) {
  std::vector<ExprPtr> out;
  for (const ast::ExprPtr& item : list) {
    TRY_ASSIGN(ExprPtr bound, bind(*item));
    out.push_back(std::move(bound));
  }
  return out;
}

template <class Node>
Result<ExprPtr> ExpressionBinder::visit(const ast::Expr& at, const Node& node) {
  if constexpr (std::is_same_v<Node, ast::NullLiteral>) {
    return Expr::make_literal(Value{}, DataType::null());
  } else if constexpr (std::is_same_v<Node, ast::BooleanLiteral>) {
    return Expr::make_literal(Value{node.value}, DataType::boolean().with_nullable(false));
  } else if constexpr (std::is_same_v<Node, ast::NumberLiteral>) {
    return bind_number(script_, at, node.text);
  } else if constexpr (std::is_same_v<Node, ast::StringLiteral>) {
    return text_literal(node.text);
  } else if constexpr (std::is_same_v<Node, ast::BinaryLiteral>) {
    DataType type = DataType::bytes().with_nullable(false);
    type.kind = TypeKind::kBinary;
    type.precision = static_cast<int32_t>(node.bytes.size());
    return Expr::make_literal(Value{node.bytes}, type);
  } else if constexpr (std::is_same_v<Node, ast::TimeLiteral>) {
    return bind_time(script_, at, node);
  } else if constexpr (std::is_same_v<Node, ast::IntervalLiteral>) {
    return bind_interval(script_, at, node);
  } else if constexpr (std::is_same_v<Node, ast::Name>) {
    TRY_ASSIGN(auto found, resolve(at, node));
    ExprPtr out = placed(Expr::make_column(found.first, scope_[found.first].field.type), at.position);
    for (size_t i = found.second; i < node.parts.size(); ++i) {
      TRY_ASSIGN(out, call(at, "FIELD", {out, text_literal(node.parts[i])}));
    }
    return out;
  } else if constexpr (std::is_same_v<Node, ast::Star>) {
    return sql_error(script_, at.position, "* stands for columns of SELECT, or in COUNT(*)");
  } else if constexpr (std::is_same_v<Node, ast::Unary>) {
    // A number and its sign are one literal: the smallest BIGINT has no positive counterpart.
    const auto* number = std::get_if<ast::NumberLiteral>(&node.operand->node);
    if (node.op == "-" && number != nullptr) return bind_number(script_, at, "-" + number->text);
    TRY_ASSIGN(ExprPtr operand, bind(*node.operand));
    return call(at, node.op, {std::move(operand)});
  } else if constexpr (std::is_same_v<Node, ast::Binary>) {
    TRY_ASSIGN(ExprPtr left, bind(*node.left));
    TRY_ASSIGN(ExprPtr right, bind(*node.right));
    return call(at, node.op, {std::move(left), std::move(right)});
  } else if constexpr (std::is_same_v<Node, ast::Between>) {
    TRY_ASSIGN(ExprPtr value, bind(*node.value));
    TRY_ASSIGN(ExprPtr low, bind(*node.low));
    TRY_ASSIGN(ExprPtr high, bind(*node.high));
    auto within = [&](const ExprPtr& from, const ExprPtr& to) -> Result<ExprPtr> {
      TRY_ASSIGN(ExprPtr above, call(at, ">=", {value, from}));
      TRY_ASSIGN(ExprPtr below, call(at, "<=", {value, to}));
      return call(at, "AND", {std::move(above), std::move(below)});
    };
    TRY_ASSIGN(ExprPtr out, within(low, high));
    if (node.symmetric) {
      TRY_ASSIGN(ExprPtr swapped, within(high, low));
      TRY_ASSIGN(out, call(at, "OR", {out, std::move(swapped)}));
    }
    return node.negated ? call(at, "NOT", {std::move(out)}) : Result<ExprPtr>(out);
  } else if constexpr (std::is_same_v<Node, ast::InList>) {
    if (node.query) return unsupported(script_, at.position, "IN with a subquery");
    TRY_ASSIGN(ExprPtr value, bind(*node.value));
    TRY_ASSIGN(auto args, bind_all(node.list));
    args.insert(args.begin(), std::move(value));
    TRY_ASSIGN(ExprPtr out, call(at, "IN", std::move(args)));
    return node.negated ? call(at, "NOT", {std::move(out)}) : Result<ExprPtr>(out);
  } else if constexpr (std::is_same_v<Node, ast::Like>) {
    std::vector<ExprPtr> args(2);
    TRY_ASSIGN(args[0], bind(*node.value));
    TRY_ASSIGN(args[1], bind(*node.pattern));
    if (node.escape) {
      TRY_ASSIGN(ExprPtr escape, bind(*node.escape));
      args.push_back(std::move(escape));
    }
    TRY_ASSIGN(ExprPtr out, call(at, node.op, std::move(args)));
    return node.negated ? call(at, "NOT", {std::move(out)}) : Result<ExprPtr>(out);
  } else if constexpr (std::is_same_v<Node, ast::Case>) {
    std::vector<ExprPtr> args;
    ExprPtr operand;
    if (node.operand) {
      TRY_ASSIGN(operand, bind(*node.operand));
    }
    for (const auto& [when, then] : node.branches) {
      TRY_ASSIGN(ExprPtr condition, bind(*when));
      if (operand) {
        TRY_ASSIGN(condition, call(*when, "=", {operand, std::move(condition)}));
      }
      TRY_ASSIGN(ExprPtr value, bind(*then));
      args.push_back(std::move(condition));
      args.push_back(std::move(value));
    }
    if (node.otherwise) {
      TRY_ASSIGN(ExprPtr value, bind(*node.otherwise));
      args.push_back(std::move(value));
    }
    return call(at, "CASE", std::move(args));
  } else if constexpr (std::is_same_v<Node, ast::Cast>) {
    TRY_ASSIGN(ExprPtr value, bind(*node.value));
    TRY_ASSIGN(DataType type, bind_type(script_, node.type));
    if (value->type.kind != TypeKind::kNull && !can_cast(value->type, type)) {
      return sql_error(script_, at.position, value->type.to_string() + " cannot be cast to " + type.to_string());
    }
    bool nullable = value->type.nullable || node.safe;
    return placed(Expr::make_cast(std::move(value), type.with_nullable(nullable), node.safe), at.position);
  } else if constexpr (std::is_same_v<Node, ast::Call>) {
    return bind_call(at, node);
  } else if constexpr (std::is_same_v<Node, ast::RowConstructor>) {
    TRY_ASSIGN(auto args, bind_all(node.values));
    return call(at, "ROW", std::move(args));
  } else if constexpr (std::is_same_v<Node, ast::ArrayConstructor>) {
    TRY_ASSIGN(auto args, bind_all(node.values));
    return call(at, "ARRAY", std::move(args));
  } else if constexpr (std::is_same_v<Node, ast::MapConstructor>) {
    TRY_ASSIGN(auto args, bind_all(node.keys_and_values));
    return call(at, "MAP", std::move(args));
  } else if constexpr (std::is_same_v<Node, ast::Item>) {
    TRY_ASSIGN(ExprPtr collection, bind(*node.collection));
    TRY_ASSIGN(ExprPtr index, bind(*node.index));
    return call(at, "ITEM", {std::move(collection), std::move(index)});
  } else if constexpr (std::is_same_v<Node, ast::FieldAccess>) {
    TRY_ASSIGN(ExprPtr value, bind(*node.value));
    return call(at, "FIELD", {std::move(value), text_literal(node.field)});
  } else {
    return unsupported(script_, at.position, node.exists ? "EXISTS" : "a subquery as a value");
  }
}

Result<ExprPtr> ExpressionBinder::bind(const ast::Expr& expr) {
  return std::visit([&](const auto& node) { return visit(expr, node); }, expr.node);
}

Result<ExprPtr> ExpressionBinder::bind_call(const ast::Expr& at, const ast::Call& node) {
  std::string name = upper_case(node.name);
  std::vector<std::string> aggregates = aggregate_names();
  if (std::find(aggregates.begin(), aggregates.end(), name) != aggregates.end()) {
    return sql_error(script_, at.position, "the aggregate " + name + " cannot stand here");
  }
  if (node.star || node.distinct || node.filter) {
    return sql_error(script_, at.position, name + " is no aggregate: *, DISTINCT and FILTER mean nothing here");
  }
  if (!node.arg_names.empty()) return unsupported(script_, at.position, "named arguments");
  TRY_ASSIGN(auto args, bind_all(node.args));
  return call(at, name, std::move(args));
}

bool contains_aggregate(const ast::Expr& expr) {
  static const std::vector<std::string> kNames = aggregate_names();
  auto any = [](const std::vector<ast::ExprPtr>& list) {
    return std::any_of(list.begin(), list.end(), [](const ast::ExprPtr& e) { return e && contains_aggregate(*e); });
  };
  struct Visit {
    decltype(any)& in;
    bool operator()(const ast::Call& node) const {
      std::string name = upper_case(node.name);
      if (name == "GROUPING" || name == "GROUPING_ID") return true;
      return std::find(kNames.begin(), kNames.end(), name) != kNames.end() || in(node.args);
    }
    bool operator()(const ast::Unary& node) const { return contains_aggregate(*node.operand); }
    bool operator()(const ast::Binary& node) const { return in({node.left, node.right}); }
    bool operator()(const ast::Between& node) const { return in({node.value, node.low, node.high}); }
    bool operator()(const ast::InList& node) const { return contains_aggregate(*node.value) || in(node.list); }
    bool operator()(const ast::Like& node) const { return in({node.value, node.pattern, node.escape}); }
    bool operator()(const ast::Case& node) const {
      bool found = in({node.operand, node.otherwise});
      for (const auto& [when, then] : node.branches) found = found || in({when, then});
      return found;
    }
    bool operator()(const ast::Cast& node) const { return contains_aggregate(*node.value); }
    bool operator()(const ast::RowConstructor& node) const { return in(node.values); }
    bool operator()(const ast::ArrayConstructor& node) const { return in(node.values); }
    bool operator()(const ast::MapConstructor& node) const { return in(node.keys_and_values); }
    bool operator()(const ast::Item& node) const { return in({node.collection, node.index}); }
    bool operator()(const ast::FieldAccess& node) const { return contains_aggregate(*node.value); }
    bool operator()(const ast::NullLiteral&) const { return false; }
    bool operator()(const ast::BooleanLiteral&) const { return false; }
    bool operator()(const ast::NumberLiteral&) const { return false; }
    bool operator()(const ast::StringLiteral&) const { return false; }
    bool operator()(const ast::BinaryLiteral&) const { return false; }
    bool operator()(const ast::TimeLiteral&) const { return false; }
    bool operator()(const ast::IntervalLiteral&) const { return false; }
    bool operator()(const ast::Name&) const { return false; }
    bool operator()(const ast::Star&) const { return false; }
    bool operator()(const ast::Subquery&) const { return false; }
  };
  return std::visit(Visit{any}, expr.node);
}

std::string default_name(const ast::Expr& expr, size_t index) {
  if (const auto* name = std::get_if<ast::Name>(&expr.node)) return name->parts.back();
  if (const auto* access = std::get_if<ast::FieldAccess>(&expr.node)) return access->field;
  return "EXPR$" + std::to_string(index);
}

}  // namespace leat
