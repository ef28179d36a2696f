// Which types mix, and which turn into which. Flink: Data Types, CAST; LogicalTypeCasts; Calcite's leastRestrictive.
#include <algorithm>

#include "columnar/decimal.h"
#include "columnar/function.h"

namespace leat {
namespace {

Error no_common_type(const DataType& a, const DataType& b) {
  return {Errc::kInvalidArgument, "no type holds values of both " + a.with_nullable(true).to_string() + " and " +
                                      b.with_nullable(true).to_string() + "; CAST one of them"};
}

DataType as_decimal(const DataType& type) {
  switch (type.kind) {
    case TypeKind::kTinyint:
      return DataType::decimal(3, 0);
    case TypeKind::kSmallint:
      return DataType::decimal(5, 0);
    case TypeKind::kInt:
      return DataType::decimal(10, 0);
    case TypeKind::kBigint:
      return DataType::decimal(19, 0);
    default:
      return type;
  }
}

bool is_floating(const DataType& type) {
  return type.physical() == Physical::kDouble;
}

// Calcite gives FLOAT and DOUBLE the same precision, so of two the first one wins.
DataType common_numeric(const DataType& a, const DataType& b) {
  const bool decimal = a.kind == TypeKind::kDecimal || b.kind == TypeKind::kDecimal;
  if (is_floating(a) || is_floating(b)) {
    if (decimal) return DataType::float64();
    return is_floating(a) ? a : b;
  }
  if (!decimal) return a.kind >= b.kind ? a : b;
  const DataType x = as_decimal(a), y = as_decimal(b);
  const int whole = std::min(std::max(x.precision - x.scale, y.precision - y.scale), kDecimalDigitsMax);
  const int scale = std::min(std::max(x.scale, y.scale), kDecimalDigitsMax - whole);
  return DataType::decimal(whole + scale, scale);
}

DataType common_length(const DataType& a, const DataType& b, TypeKind varying) {
  DataType out = a.precision >= b.precision ? a : b;
  if (a.kind != b.kind || a.precision != b.precision) out.kind = varying;
  return out;
}

Result<DataType> common_nested(const DataType& a, const DataType& b) {
  if (a.kind != b.kind || a.children->size() != b.children->size()) return no_common_type(a, b);
  std::vector<Field> children;
  for (size_t i = 0; i < a.children->size(); ++i) {
    const Field& field = (*a.children)[i];
    TRY_ASSIGN(DataType type, common_type(field.type, (*b.children)[i].type));
    children.push_back({field.name, std::move(type)});
  }
  DataType out = a;
  out.children = std::make_shared<const std::vector<Field>>(std::move(children));
  return out;
}

// DATE < TIMESTAMP < TIMESTAMP_LTZ; TIME mixes with nothing.
Result<DataType> common_time(const DataType& a, const DataType& b) {
  if (a.kind == b.kind) return a.precision >= b.precision ? a : b;
  if (a.kind == TypeKind::kTime || b.kind == TypeKind::kTime) return no_common_type(a, b);
  const DataType& wider = a.kind > b.kind ? a : b;
  DataType out = wider;
  out.precision = std::max(a.precision, b.precision);
  return out;
}

bool is_time_type(const DataType& type) {
  return type.kind >= TypeKind::kDate && type.kind <= TypeKind::kTimestampLtz;
}

Result<DataType> common_non_null(const DataType& a, const DataType& b) {
  if (a.kind == TypeKind::kBoolean && b.kind == TypeKind::kBoolean) return a;
  if (a.is_numeric() && b.is_numeric()) return common_numeric(a, b);
  if (a.is_text() && b.is_text()) return common_length(a, b, TypeKind::kVarchar);
  if (a.is_binary() && b.is_binary()) return common_length(a, b, TypeKind::kVarbinary);
  if (is_time_type(a) && is_time_type(b)) return common_time(a, b);
  if (a.is_interval() && a.kind == b.kind) return a;
  if (a.is_nested()) return common_nested(a, b);
  return no_common_type(a, b);
}

template <class Check>
bool children_match(const DataType& from, const DataType& to, Check check) {
  if (from.kind != to.kind || from.children->size() != to.children->size()) return false;
  return std::ranges::equal(*from.children, *to.children,
                            [&](const Field& a, const Field& b) { return check(a.type, b.type); });
}

}  // namespace

Result<DataType> common_type(const DataType& a, const DataType& b) {
  if (a.kind == TypeKind::kNull) return b.with_nullable(true);
  if (b.kind == TypeKind::kNull) return a.with_nullable(true);
  TRY_ASSIGN(DataType out, common_non_null(a, b));
  return out.with_nullable(a.nullable || b.nullable);
}

bool can_cast(const DataType& from, const DataType& to) {
  if (from.kind == TypeKind::kNull || from.same_kind(to)) return true;
  if (to.is_text()) return true;
  if (from.is_text()) return !to.is_interval() && !to.is_nested() && to.kind != TypeKind::kNull;
  if (from.is_binary()) return to.is_binary();
  if (from.is_nested() || to.is_nested()) return children_match(from, to, can_cast);
  const auto logical_number = [](const DataType& type) { return type.is_numeric() || type.kind == TypeKind::kBoolean; };
  if (logical_number(from)) return logical_number(to);
  if (from.is_interval()) return from.kind == to.kind;
  if (!is_time_type(from) || !is_time_type(to)) return false;
  if (from.kind == TypeKind::kDate) return to.kind != TypeKind::kTime;
  if (from.kind == TypeKind::kTime) return to.kind != TypeKind::kDate;
  return true;
}

bool can_assign(const DataType& from, const DataType& to) {
  if (from.kind == TypeKind::kNull) return to.nullable;
  if (from.same_kind(to)) return true;
  switch (to.kind) {
    case TypeKind::kSmallint:
    case TypeKind::kInt:
    case TypeKind::kBigint:
      return from.is_integer() && from.kind <= to.kind;
    case TypeKind::kFloat:
      return from.is_numeric() && from.kind != TypeKind::kDouble;
    case TypeKind::kDouble:
    case TypeKind::kDecimal:
      return from.is_numeric();
    case TypeKind::kChar:
    case TypeKind::kVarchar:
      return from.is_text();
    case TypeKind::kBinary:
    case TypeKind::kVarbinary:
      return from.is_binary();
    case TypeKind::kDate:
      return from.kind == TypeKind::kTimestamp;
    case TypeKind::kTime:
      return from.kind == TypeKind::kTime || from.kind == TypeKind::kTimestamp;
    case TypeKind::kTimestamp:
    case TypeKind::kTimestampLtz:
      return from.is_timestamp();
    case TypeKind::kRow:
    case TypeKind::kArray:
    case TypeKind::kMap:
      return from.is_nested() && children_match(from, to, can_assign);
    default:
      return false;
  }
}

}  // namespace leat
