#include "api/function_plan.h"

#include <cxxabi.h>

#include <cstdlib>
#include <exception>
#include <typeinfo>

#include "columnar/function.h"
#include "plan/rel_builder.h"

namespace leat::detail {
namespace {

DataType type_of(const FieldInfo& field) {
  switch (field.kind) {
    case FieldKind::kBoolean:
      return DataType::boolean();
    case FieldKind::kTinyint:
      return DataType::tinyint();
    case FieldKind::kSmallint:
      return DataType::smallint();
    case FieldKind::kInt:
      return DataType::integer();
    case FieldKind::kBigint:
      return DataType::bigint();
    case FieldKind::kFloat:
      return DataType::float32();
    case FieldKind::kDouble:
      return DataType::float64();
    case FieldKind::kString:
      return DataType::string();
    case FieldKind::kDate:
      return DataType::date();
    case FieldKind::kTimestamp:
      return DataType::timestamp(field.precision);
    case FieldKind::kTimestampLtz:
      return DataType::timestamp_ltz(field.precision);
  }
  CHECK(false);
}

std::string type_of_current_exception() {
  const std::type_info* type = abi::__cxa_current_exception_type();
  if (type == nullptr) return {};
  int status = 0;
  char* name = abi::__cxa_demangle(type->name(), nullptr, nullptr, &status);
  std::string out = status == 0 ? name : type->name();
  std::free(name);
  return out;
}

Change change_of(RowKind kind) {
  static_assert(static_cast<int>(Change::kInsert) == static_cast<int>(RowKind::kInsert) &&
                static_cast<int>(Change::kUpdateBefore) == static_cast<int>(RowKind::kUpdateBefore) &&
                static_cast<int>(Change::kUpdateAfter) == static_cast<int>(RowKind::kUpdateAfter) &&
                static_cast<int>(Change::kDelete) == static_cast<int>(RowKind::kDelete));
  return static_cast<Change>(kind);
}

// The one place where foreign exceptions end.
class CellRowFunction final : public RowFunction {
 public:
  explicit CellRowFunction(Function function) : function_(std::move(function)) {}

  Kind kind() const override {
    return function_.kind == FunctionKind::kMap      ? Kind::kMake
           : function_.kind == FunctionKind::kFilter ? Kind::kKeep
                                                     : Kind::kAccept;
  }

  std::optional<RowFailure> apply(std::span<const RowCell> row, RowKind kind, const Emit& emit) const override {
    const char* message = "what was thrown is no std::exception";
    try {
      const char* missing = function_.call(row, change_of(kind), emit);
      if (missing == nullptr) return std::nullopt;
      return RowFailure{DeadLetterClass::kData,
                        "field.null",
                        "field '" + std::string(missing) + "' is NULL, and its type is not optional",
                        {}};
    } catch (const std::exception& thrown) {
      return RowFailure{DeadLetterClass::kCode, "user.exception", thrown.what(), type_of_current_exception()};
    } catch (...) {
      return RowFailure{DeadLetterClass::kCode, "user.exception", message, type_of_current_exception()};
    }
  }

 private:
  Function function_;
};

}  // namespace

Schema schema_of(const std::vector<FieldInfo>& fields) {
  Schema out;
  for (const FieldInfo& field : fields) out.push_back({field.name, type_of(field)});
  return out;
}

Result<RelPtr> cast_to_fields(RelPtr rows, const std::vector<FieldInfo>& fields) {
  std::vector<ExprPtr> columns;
  std::vector<std::string> names;
  for (size_t i = 0; i < fields.size(); ++i) {
    const DataType& have = rows->schema[i].type;
    DataType want = type_of(fields[i]).with_nullable(have.nullable);
    if (!can_cast(have, want)) {
      return Error{Errc::kInvalidArgument, "column '" + fields[i].name + "' is " + have.to_string() +
                                               ", which does not become the field's " + want.to_string()};
    }
    bool same = have.same_kind(want) || (have.is_timestamp() && have.kind == want.kind);
    ExprPtr column = Expr::make_column(static_cast<uint32_t>(i), have);
    columns.push_back(same ? column : Expr::make_cast(column, want));
    names.push_back(fields[i].name);
  }
  return make_project_rel(std::move(rows), std::move(columns), names);
}

Result<RelPtr> function_plan(RelPtr rows, Function function) {
  CHECK(rows->schema.size() == function.input.size());
  if (rows->changes != Changes::kInsertOnly && function.kind != FunctionKind::kForEach) {
    return Error{Errc::kUnsupported,
                 "this result updates its rows, which the function does not take: group by a window, or end in a "
                 "for_each() that takes (row, leat::Change)"};
  }
  auto out = std::make_shared<Rel>(*rows);
  if (function.kind == FunctionKind::kMap) {
    out->schema.clear();
    out->rowtime.clear();
    for (const FieldInfo& field : function.output) {
      DataType type = type_of(field).with_nullable(field.optional);
      bool rowtime = false;
      for (size_t i = 0; i < rows->schema.size(); ++i) {
        rowtime |= rows->rowtime[i] && rows->schema[i].name == field.name && rows->schema[i].type.kind == type.kind &&
                   type.precision <= 3;
      }
      out->schema.push_back({field.name, std::move(type)});
      out->rowtime.push_back(rowtime);
    }
  }
  out->inputs = {std::move(rows)};
  std::string name = function.name;
  out->node = FunctionRel{std::move(name), std::make_shared<CellRowFunction>(std::move(function))};
  return RelPtr(std::move(out));
}

}  // namespace leat::detail
