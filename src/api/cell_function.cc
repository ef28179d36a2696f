#include "api/cell_function.h"

#include <cxxabi.h>

#include <cstdlib>
#include <exception>
#include <typeinfo>

#include "columnar/function.h"

namespace leat::detail {
namespace {

// The types that LEAT_FIELDS knows.
DataType type_of(const FieldInfo& field) {
  static const std::pair<const char*, DataType> kTypes[] = {
      {"BOOLEAN", DataType::boolean()},         {"INT", DataType::integer()},    {"BIGINT", DataType::bigint()},
      {"FLOAT", DataType::float32()},           {"DOUBLE", DataType::float64()}, {"STRING", DataType::string()},
      {"TIMESTAMP(3)", DataType::timestamp(3)},
  };
  for (const auto& [name, type] : kTypes) {
    if (field.sql_type == name) return type.with_nullable(field.optional);
  }
  CHECK(false);
}

Cell to_cell(const Value& value) {
  return std::visit(
      [](const auto& v) -> Cell {
        using T = std::decay_t<decltype(v)>;
        if constexpr (std::is_same_v<T, Int128>) {
          CHECK(false);  // No field type is a DECIMAL.
        } else {
          return v;
        }
      },
      value.data);
}

Value to_value(Cell cell) {
  return std::visit([](auto& v) { return Value{std::move(v)}; }, cell);
}

std::string type_name_of_current_exception() {
  const std::type_info* type = abi::__cxa_current_exception_type();
  if (type == nullptr) return {};
  int status = 0;
  char* name = abi::__cxa_demangle(type->name(), nullptr, nullptr, &status);
  std::string out = status == 0 ? name : type->name();
  std::free(name);
  return out;
}

// The one place where foreign exceptions end.
class CellRowFunction final : public RowFunction {
 public:
  CellRowFunction(bool is_filter, CellFunction function) : is_filter_(is_filter), function_(std::move(function)) {}
  bool is_filter() const override { return is_filter_; }

  std::optional<RowFailure> apply(const std::vector<Value>& row, const Emit& emit) const override {
    std::vector<Cell> cells;
    cells.reserve(row.size());
    for (const Value& value : row) cells.push_back(to_cell(value));
    auto emit_cells = [&emit](std::vector<Cell> made) {
      std::vector<Value> values;
      values.reserve(made.size());
      for (Cell& cell : made) values.push_back(to_value(std::move(cell)));
      emit(std::move(values));
    };
    try {
      function_(cells, emit_cells);
    } catch (const std::exception& thrown) {
      return RowFailure{"user.exception", thrown.what(), type_name_of_current_exception(), {}};
    } catch (...) {
      return RowFailure{"user.exception",
                        "user code threw something that is no std::exception",
                        type_name_of_current_exception(),
                        {}};
    }
    return std::nullopt;
  }

 private:
  bool is_filter_;
  CellFunction function_;
};

// NULL passes: whether a field takes it is decided for each row.
Result<RelPtr> cast_to_fields(RelPtr rows, const std::vector<FieldInfo>& fields) {
  auto cast = std::make_shared<Rel>();
  ProjectRel project;
  for (size_t i = 0; i < fields.size(); ++i) {
    const DataType& have = rows->schema[i].type;
    DataType want = type_of(fields[i]).with_nullable(true);
    if (!can_cast(have, want)) {
      return Error{Errc::kInvalidArgument, "column '" + fields[i].name + "' is " + have.to_string() +
                                               ", which does not become the field's " + want.to_string()};
    }
    bool same = have.same_kind(want) || (have.is_timestamp() && have.kind == want.kind && have.precision <= 3);
    ExprPtr column = Expr::make_column(static_cast<uint32_t>(i), have);
    project.expressions.push_back(same ? column : Expr::make_cast(column, want));
    cast->schema.push_back({fields[i].name, project.expressions.back()->type});
    cast->rowtime.push_back(same && rows->rowtime[i]);
  }
  cast->node = std::move(project);
  cast->inputs = {std::move(rows)};
  return RelPtr(std::move(cast));
}

}  // namespace

Result<RelPtr> function_plan(RelPtr rows, std::string name, bool is_filter, const std::vector<FieldInfo>& input,
                             const std::vector<FieldInfo>& output, CellFunction function) {
  if (rows->changes != Changes::kInsertOnly) {
    return Error{Errc::kUnsupported, "user functions over an updating result: aggregate by a window instead"};
  }
  TRY_ASSIGN(RelPtr cast, cast_to_fields(std::move(rows), input));
  auto out = std::make_shared<Rel>();
  out->node = FunctionRel{std::move(name), std::make_shared<CellRowFunction>(is_filter, std::move(function))};
  for (const FieldInfo& field : output) {
    DataType type = type_of(field);
    bool rowtime = false;
    for (size_t i = 0; i < input.size(); ++i) {
      rowtime |= input[i].name == field.name && cast->rowtime[i] && type.kind == TypeKind::kTimestamp;
    }
    out->schema.push_back({field.name, type});
    out->rowtime.push_back(rowtime);
  }
  out->inputs = {std::move(cast)};
  return RelPtr(std::move(out));
}

}  // namespace leat::detail
