// ROW, ARRAY and MAP values: made of their parts, and taken apart.
#include <algorithm>

#include "columnar/functions/value_kernel.h"
#include "columnar/registry.h"

namespace leat {
namespace {

// --- Making

std::optional<Value> encode_row(Row&, std::span<const Value> args) {
  return Value{encode_values({args.begin(), args.end()})};
}

std::optional<Value> make_array_value(Row&, std::span<const Value> args) {
  return Value{encode_array({args.begin(), args.end()})};
}

std::optional<Value> make_map_value(Row&, std::span<const Value> args) {
  std::vector<std::pair<Value, Value>> entries;
  for (size_t i = 0; i < args.size(); i += 2) entries.emplace_back(args[i], args[i + 1]);
  return Value{encode_map(std::move(entries))};
}

ExprPtr constructor(std::string_view name, Kernel kernel, std::vector<ExprPtr> args, DataType type) {
  Function function;
  function.name = std::string(name);
  function.kernel = kernel;
  function.handles_nulls = true;
  return make_function_call(std::move(function), std::move(args), type.with_nullable(false));
}

Result<ExprPtr> make_row(std::string_view name, std::vector<ExprPtr> args) {
  std::vector<Field> fields;
  for (const ExprPtr& arg : args) {
    if (arg->type.kind == TypeKind::kNull) return no_overload(name, args, "ROW(value, …)");
    fields.push_back({"EXPR$" + std::to_string(fields.size()), arg->type});
  }
  return constructor(name, value_kernel<&encode_row>, std::move(args), DataType::row(std::move(fields)));
}

Result<ExprPtr> make_array(std::string_view name, std::vector<ExprPtr> args) {
  if (args.empty()) return Error{Errc::kInvalidArgument, "ARRAY[] has no type: it needs at least one element"};
  TRY_ASSIGN(DataType element, unify(args));
  if (element.kind == TypeKind::kNull) return no_overload(name, args, "ARRAY[value, …]");
  return constructor(name, value_kernel<&make_array_value>, std::move(args), DataType::array(std::move(element)));
}

Result<ExprPtr> make_map(std::string_view name, std::vector<ExprPtr> args) {
  if (args.empty() || args.size() % 2 != 0) {
    return Error{Errc::kInvalidArgument, "MAP needs pairs of a key and a value: MAP[key, value, …]"};
  }
  std::vector<ExprPtr> sides[2];
  for (size_t i = 0; i < args.size(); ++i) sides[i % 2].push_back(args[i]);
  TRY_ASSIGN(DataType key, unify(sides[0]));
  TRY_ASSIGN(DataType value, unify(sides[1]));
  if (key.kind == TypeKind::kNull || value.kind == TypeKind::kNull)
    return no_overload(name, args, "MAP[key, value, …]");
  for (size_t i = 0; i < args.size(); ++i) args[i] = sides[i % 2][i / 2];
  return constructor(name, value_kernel<&make_map_value>, std::move(args),
                     DataType::map(std::move(key), std::move(value)));
}

// --- Taking apart, without copies

void take_value(ValueReader& reader, Column& out, uint32_t row) {
  if (!reader.present()) return out.set_null(row);
  switch (out.type().physical()) {
    case Physical::kBool:
      out.bools()[row] = reader.boolean();
      return;
    case Physical::kInt64:
      out.ints()[row] = reader.int64();
      return;
    case Physical::kDouble:
      out.doubles()[row] = reader.float64();
      return;
    case Physical::kDecimal:
      out.decimals()[row] = reader.decimal();
      return;
    case Physical::kBytes:
      out.bytes()[row] = reader.bytes();
      return;
  }
}

void field_kernel(const Expr& call, std::span<const ColumnPtr> args, Selection selection, Column& out, EvalContext&) {
  const auto place = *static_cast<const size_t*>(call.function->prepared.get());
  const std::vector<Field>& fields = *call.args[0]->type.children;
  const auto rows = args[0]->bytes();
  out.keep_alive(*args[0]);
  for (uint32_t row : selection) {
    ValueReader reader(rows[row]);
    for (size_t i = 0; i < place; ++i) reader.skip(fields[i].type.physical());
    take_value(reader, out, row);
  }
}

// The binder gives the field's name as a literal.
Result<ExprPtr> make_field(std::string_view name, std::vector<ExprPtr> args) {
  const DataType& row = args[0]->type;
  const auto* wanted = std::get_if<std::string>(&args[1]->literal.data);
  if (row.kind != TypeKind::kRow || wanted == nullptr) {
    return Error{Errc::kInvalidArgument, row.with_nullable(true).to_string() + " has no fields: only a ROW has"};
  }
  const auto field = std::ranges::find(*row.children, *wanted, &Field::name);
  if (field == row.children->end()) {
    return Error{Errc::kNotFound, row.with_nullable(true).to_string() + " has no field '" + *wanted + "'"};
  }
  Function function;
  function.name = std::string(name);
  function.kernel = field_kernel;
  function.prepared = std::make_shared<const size_t>(field - row.children->begin());
  DataType type = field->type.with_nullable(field->type.nullable || row.nullable);
  return make_function_call(std::move(function), std::move(args), std::move(type));
}

// NULL beyond the ends.
void array_item_kernel(const Expr& call, std::span<const ColumnPtr> args, Selection selection, Column& out,
                       EvalContext&) {
  const Physical physical = element_of(call.args[0]->type).physical();
  const auto arrays = args[0]->bytes();
  const auto indices = args[1]->ints();
  out.keep_alive(*args[0]);
  for (uint32_t row : selection) {
    ValueReader reader(arrays[row]);
    CHECK(reader.present());
    const int64_t count = reader.int64(), index = indices[row];
    if (index < 1 || index > count) {
      out.set_null(row);
      continue;
    }
    for (int64_t i = 1; i < index; ++i) reader.skip(physical);
    take_value(reader, out, row);
  }
}

void map_item_kernel(const Expr& call, std::span<const ColumnPtr> args, Selection selection, Column& out,
                     EvalContext&) {
  const DataType& map = call.args[0]->type;
  const Physical key = key_of(map).physical(), value = value_of(map).physical();
  const auto maps = args[0]->bytes();
  out.keep_alive(*args[0]);
  for (uint32_t row : selection) {
    const Value wanted = args[1]->value(row);
    ValueReader reader(maps[row]);
    CHECK(reader.present());
    bool found = false;
    for (int64_t left = reader.int64(); left > 0 && !found; --left) {
      found = reader.value(key) == wanted;
      if (!found) reader.skip(value);
    }
    if (found) {
      take_value(reader, out, row);
    } else {
      out.set_null(row);
    }
  }
}

Result<ExprPtr> make_item(std::string_view name, std::vector<ExprPtr> args) {
  const DataType collection = args[0]->type;
  Function function;
  function.name = std::string(name);
  if (collection.kind == TypeKind::kArray && args[1]->type.is_integer()) {
    const ExprPtr index = fold_constants(args[1]);
    if (is_literal(*index) && int_of(index->literal) < 1) {
      return Error{Errc::kInvalidArgument,
                   "the elements of an array are numbered from 1, not " + std::to_string(int_of(index->literal))};
    }
    function.kernel = array_item_kernel;
    return make_function_call(std::move(function), std::move(args), element_of(collection).with_nullable(true));
  }
  if (collection.kind == TypeKind::kMap) {
    TRY_ASSIGN(DataType key, common_type(key_of(collection), args[1]->type));
    if (key.physical() != key_of(collection).physical()) {
      return no_overload(name, args, "map[" + key_of(collection).with_nullable(true).to_string() + "]");
    }
    args[1] = Expr::make_cast(args[1], key_of(collection).is_text() ? DataType::string() : key_of(collection));
    function.kernel = map_item_kernel;
    return make_function_call(std::move(function), std::move(args), value_of(collection).with_nullable(true));
  }
  return no_overload(name, args, "ARRAY[INTEGER], MAP[key]");
}

void cardinality_kernel(const Expr&, std::span<const ColumnPtr> args, Selection selection, Column& out, EvalContext&) {
  const auto to = out.ints();
  const auto from = args[0]->bytes();
  for (uint32_t row : selection) to[row] = nested_size(from[row]);
}

Result<ExprPtr> make_cardinality(std::string_view name, std::vector<ExprPtr> args) {
  const bool sized = args.size() == 1 && args[0]->type.is_nested() && args[0]->type.kind != TypeKind::kRow;
  if (!sized) return no_overload(name, args, "CARDINALITY(ARRAY|MAP)");
  Function function;
  function.name = std::string(name);
  function.kernel = cardinality_kernel;
  DataType type = strict_type(args, DataType::integer());
  return make_function_call(std::move(function), std::move(args), std::move(type));
}

void element_kernel(const Expr& call, std::span<const ColumnPtr> args, Selection selection, Column& out,
                    EvalContext& context) {
  Row scope{call, out, context};
  out.keep_alive(*args[0]);
  for (uint32_t row : selection) {
    scope.row = row;
    ValueReader reader(args[0]->bytes()[row]);
    CHECK(reader.present());
    const int64_t count = reader.int64();
    if (count == 1) {
      take_value(reader, out, row);
      continue;
    }
    out.set_null(row);
    if (count > 1) {
      scope.fail("array.not.single", "ELEMENT: an array of " + std::to_string(count) + " elements, not of one");
    }
  }
}

Result<ExprPtr> make_element(std::string_view name, std::vector<ExprPtr> args) {
  if (args.size() != 1 || args[0]->type.kind != TypeKind::kArray) return no_overload(name, args, "ELEMENT(ARRAY)");
  Function function;
  function.name = std::string(name);
  function.kernel = element_kernel;
  DataType type = element_of(args[0]->type).with_nullable(true);
  return make_function_call(std::move(function), std::move(args), std::move(type));
}

constexpr Special kNestedSpecials[] = {
    {"ROW", make_row, "ROW(value, …)"},
    {"ARRAY", make_array, "ARRAY[value, …]"},
    {"MAP", make_map, "MAP[key, value, …]"},
    {"FIELD", make_field, "row.field"},
    {"ITEM", make_item, "array[INTEGER], map[key]"},
    {"CARDINALITY", make_cardinality, "CARDINALITY(ARRAY|MAP)"},
    {"ELEMENT", make_element, "ELEMENT(ARRAY)"},
};

}  // namespace

Family nested_family() {
  return {"Rows, arrays and maps", {}, kNestedSpecials};
}

}  // namespace leat
