// MAP_…: functions of whole maps, in the order of their entries.
#include "columnar/functions/value_kernel.h"
#include "columnar/registry.h"

namespace leat {
namespace {

using Entries = std::vector<std::pair<Value, Value>>;

Entries entries(Row& row, std::span<const Value> args, size_t i) {
  const DataType& type = row.argument(i);
  return decode_map(bytes_of(args[i]), key_of(type), value_of(type));
}

template <bool Keys>
std::optional<Value> side(Row& row, std::span<const Value> args) {
  std::vector<Value> out;
  for (auto& [key, value] : entries(row, args, 0)) out.push_back(std::move(Keys ? key : value));
  return Value{encode_array(out)};
}

std::optional<Value> entry_rows(Row& row, std::span<const Value> args) {
  std::vector<Value> out;
  for (const auto& [key, value] : entries(row, args, 0)) out.push_back({encode_values({key, value})});
  return Value{encode_array(out)};
}

std::optional<Value> from_arrays(Row& row, std::span<const Value> args) {
  std::vector<Value> keys = decode_array(bytes_of(args[0]), element_of(row.argument(0)));
  std::vector<Value> values = decode_array(bytes_of(args[1]), element_of(row.argument(1)));
  if (keys.size() != values.size()) {
    return row.fail("map.invalid", "MAP_FROM_ARRAYS: " + std::to_string(keys.size()) + " keys, and " +
                                       std::to_string(values.size()) + " values");
  }
  Entries out;
  for (size_t i = 0; i < keys.size(); ++i) out.emplace_back(std::move(keys[i]), std::move(values[i]));
  return Value{encode_map(std::move(out))};
}

// NULL if an entry is.
std::optional<Value> from_entries(Row& row, std::span<const Value> args) {
  const DataType& entry_type = element_of(row.argument(0));
  Entries out;
  for (const Value& entry : decode_array(bytes_of(args[0]), entry_type)) {
    if (entry.is_null()) return std::nullopt;
    std::vector<Value> fields = decode_row(bytes_of(entry), entry_type);
    out.emplace_back(std::move(fields[0]), std::move(fields[1]));
  }
  return Value{encode_map(std::move(out))};
}

std::optional<Value> united(Row& row, std::span<const Value> args) {
  Entries all;
  for (size_t i = 0; i < args.size(); ++i) {
    for (auto& entry : entries(row, args, i)) all.push_back(std::move(entry));
  }
  return Value{encode_map(std::move(all))};
}

ExprPtr call(std::string_view name, Kernel kernel, std::vector<ExprPtr> args, DataType type) {
  Function function;
  function.name = std::string(name);
  function.kernel = kernel;
  return make_function_call(std::move(function), std::move(args), std::move(type));
}

bool is_map(const std::vector<ExprPtr>& args, size_t i = 0) {
  return i < args.size() && args[i]->type.kind == TypeKind::kMap;
}

enum class Part : uint8_t { kKeys, kValues, kEntries };

template <Part P>
Result<ExprPtr> make_part(std::string_view name, std::vector<ExprPtr> args) {
  if (args.size() != 1 || !is_map(args)) return no_overload(name, args, std::string(name) + "(MAP)");
  const DataType& map = args[0]->type;
  DataType element = P == Part::kKeys ? key_of(map) : value_of(map);
  if (P == Part::kEntries) {
    element = DataType::row({{"key", key_of(map)}, {"value", value_of(map)}}).with_nullable(false);
  }
  DataType type = strict_type(args, DataType::array(std::move(element)));
  const Kernel kernel = P == Part::kKeys     ? value_kernel<&side<true>>
                        : P == Part::kValues ? value_kernel<&side<false>>
                                             : value_kernel<&entry_rows>;
  return call(name, kernel, std::move(args), std::move(type));
}

Result<ExprPtr> make_from_arrays(std::string_view name, std::vector<ExprPtr> args) {
  if (args.size() != 2 || args[0]->type.kind != TypeKind::kArray || args[1]->type.kind != TypeKind::kArray) {
    return no_overload(name, args, "MAP_FROM_ARRAYS(ARRAY, ARRAY)");
  }
  DataType type = strict_type(args, DataType::map(element_of(args[0]->type), element_of(args[1]->type)));
  return call(name, value_kernel<&from_arrays>, std::move(args), std::move(type));
}

Result<ExprPtr> make_from_entries(std::string_view name, std::vector<ExprPtr> args) {
  const bool good = args.size() == 1 && args[0]->type.kind == TypeKind::kArray &&
                    element_of(args[0]->type).kind == TypeKind::kRow && element_of(args[0]->type).children->size() == 2;
  if (!good) return no_overload(name, args, "MAP_FROM_ENTRIES(ARRAY<ROW<key, value>>)");
  const DataType& entry = element_of(args[0]->type);
  DataType type = DataType::map(entry.children->front().type, entry.children->back().type);
  type = type.with_nullable(args[0]->type.nullable || entry.nullable);
  return call(name, value_kernel<&from_entries>, std::move(args), std::move(type));
}

Result<ExprPtr> make_union(std::string_view name, std::vector<ExprPtr> args) {
  if (args.empty()) return no_overload(name, args, "MAP_UNION(MAP, …)");
  for (size_t i = 0; i < args.size(); ++i) {
    if (!is_map(args, i)) return no_overload(name, args, "MAP_UNION(MAP, …)");
  }
  TRY_ASSIGN(DataType type, unify(args));
  return call(name, value_kernel<&united>, std::move(args), std::move(type));
}

constexpr Special kMapSpecials[] = {
    {"MAP_KEYS", make_part<Part::kKeys>, "MAP_KEYS(MAP)"},
    {"MAP_VALUES", make_part<Part::kValues>, "MAP_VALUES(MAP)"},
    {"MAP_ENTRIES", make_part<Part::kEntries>, "MAP_ENTRIES(MAP)"},
    {"MAP_FROM_ARRAYS", make_from_arrays, "MAP_FROM_ARRAYS(ARRAY, ARRAY)"},
    {"MAP_FROM_ENTRIES", make_from_entries, "MAP_FROM_ENTRIES(ARRAY<ROW<key, value>>)"},
    {"MAP_UNION", make_union, "MAP_UNION(MAP, …)"},
};

}  // namespace

Family map_family() {
  return {"Maps", {}, kMapSpecials};
}

}  // namespace leat
