// ARRAY_…: functions of whole arrays. Elements are equal if their encodings are, so that a set of them costs no more
// than reading them.
#include <algorithm>
#include <unordered_map>
#include <unordered_set>

#include "columnar/functions/value_kernel.h"
#include "columnar/registry.h"

namespace leat {
namespace {

using Values = std::vector<Value>;

Values elements(Row& row, std::span<const Value> args, size_t i) {
  return decode_array(bytes_of(args[i]), element_of(row.argument(i)));
}

Value array_value(const Values& values) {
  return {encode_array(values)};
}

// The arguments of a call that may be NULL come as NULL Values; this is for those that must not be.
template <size_t... Required>
bool any_null(std::span<const Value> args) {
  return (args[Required].is_null() || ...);
}

std::optional<Value> contains(Row& row, std::span<const Value> args) {
  if (any_null<0>(args)) return std::nullopt;
  const Values values = elements(row, args, 0);
  return Value{std::ranges::find(values, args[1]) != values.end()};
}

std::optional<Value> position(Row& row, std::span<const Value> args) {
  const Values values = elements(row, args, 0);
  const auto found = std::ranges::find(values, args[1]);
  return Value{found == values.end() ? int64_t{0} : int64_t{found - values.begin() + 1}};
}

std::optional<Value> removed(Row& row, std::span<const Value> args) {
  if (any_null<0>(args)) return std::nullopt;
  Values values = elements(row, args, 0);
  std::erase(values, args[1]);
  return array_value(values);
}

template <bool First>
std::optional<Value> with_element(Row& row, std::span<const Value> args) {
  if (any_null<0>(args)) return std::nullopt;
  Values values = elements(row, args, 0);
  values.insert(First ? values.begin() : values.end(), args[1]);
  return array_value(values);
}

std::optional<Value> reversed(Row& row, std::span<const Value> args) {
  Values values = elements(row, args, 0);
  std::ranges::reverse(values);
  return array_value(values);
}

class Set {
 public:
  bool insert(const Value& value) { return seen_.insert(encode_values({value})).second; }
  bool contains(const Value& value) const { return seen_.contains(encode_values({value})); }

 private:
  std::unordered_set<Bytes> seen_;
};

std::optional<Value> distinct(Row& row, std::span<const Value> args) {
  Values values = elements(row, args, 0);
  Set seen;
  std::erase_if(values, [&](const Value& value) { return !seen.insert(value); });
  return array_value(values);
}

std::optional<Value> concat(Row& row, std::span<const Value> args) {
  Values all;
  for (size_t i = 0; i < args.size(); ++i) {
    for (Value& value : elements(row, args, i)) all.push_back(std::move(value));
  }
  return array_value(all);
}

std::optional<Value> set_union(Row& row, std::span<const Value> args) {
  Values out;
  Set seen;
  for (size_t i = 0; i < args.size(); ++i) {
    for (Value& value : elements(row, args, i)) {
      if (seen.insert(value)) out.push_back(std::move(value));
    }
  }
  return array_value(out);
}

template <bool Wanted>
std::optional<Value> of_both(Row& row, std::span<const Value> args) {
  Set other, seen;
  for (const Value& value : elements(row, args, 1)) other.insert(value);
  Values values = elements(row, args, 0);
  std::erase_if(values, [&](const Value& value) { return other.contains(value) != Wanted || !seen.insert(value); });
  return array_value(values);
}

// Places from 1, or from the end if negative; both ends belong to it.
std::optional<Value> slice(Row& row, std::span<const Value> args) {
  const Values values = elements(row, args, 0);
  const auto count = static_cast<int64_t>(values.size());
  const auto place = [&](int64_t at) { return at < 0 ? at + count + 1 : at; };
  const bool starts_at_zero = int_of(args[1]) == 0;
  const int64_t from = std::max<int64_t>(starts_at_zero ? 1 : place(int_of(args[1])), 1);
  const int64_t to = args.size() < 3 ? count : std::min(place(int_of(args[2])), count);
  if (from > to) return array_value({});
  return array_value({values.begin() + (from - 1), values.begin() + to});
}

std::optional<Value> sorted(Row& row, std::span<const Value> args) {
  Values values = elements(row, args, 0);
  const bool ascending = args.size() < 2 || bool_of(args[1]);
  const bool nulls_first = args.size() < 3 ? ascending : bool_of(args[2]);
  std::ranges::stable_sort(values, [&](const Value& a, const Value& b) {
    if (a.is_null() || b.is_null()) return a.is_null() != b.is_null() && a.is_null() == nulls_first;
    return ascending ? a.data < b.data : b.data < a.data;
  });
  return array_value(values);
}

template <bool Max>
std::optional<Value> extreme(Row& row, std::span<const Value> args) {
  Value best;
  for (Value& value : elements(row, args, 0)) {
    if (value.is_null()) continue;
    if (best.is_null() || (Max ? best.data < value.data : value.data < best.data)) best = std::move(value);
  }
  if (best.is_null()) return std::nullopt;
  return best;
}

std::optional<Value> join(Row& row, std::span<const Value> args) {
  std::string out;
  bool first = true;
  for (const Value& value : elements(row, args, 0)) {
    if (value.is_null() && args.size() < 3) continue;
    if (!first) out += bytes_of(args[1]);
    first = false;
    out += bytes_of(value.is_null() ? args[2] : value);
  }
  return Value{out};
}

// --- Types

ExprPtr call(std::string_view name, Kernel kernel, std::vector<ExprPtr> args, DataType type,
             bool handles_nulls = false) {
  Function function;
  function.name = std::string(name);
  function.kernel = kernel;
  function.handles_nulls = handles_nulls;
  return make_function_call(std::move(function), std::move(args), std::move(type));
}

bool is_array(const std::vector<ExprPtr>& args, size_t i = 0) {
  return i < args.size() && args[i]->type.kind == TypeKind::kArray;
}

// Casts args[1] to the type of the elements; false if that would lose something.
bool fit_needle(std::vector<ExprPtr>& args) {
  const DataType& element = element_of(args[0]->type);
  const auto common = common_type(element, args[1]->type);
  if (!common || !common->with_nullable(true).same_kind(element.with_nullable(true))) {
    if (!element.is_text() || !args[1]->type.is_text()) return false;
    return true;  // Texts compare whatever their lengths are.
  }
  args[1] = Expr::make_cast(args[1], element.with_nullable(true));
  return true;
}

template <auto F>
Result<ExprPtr> make_search(std::string_view name, std::vector<ExprPtr> args) {
  constexpr bool kTakesNull = F != &position;
  if (args.size() != 2 || !is_array(args) || !fit_needle(args)) {
    return no_overload(name, args, std::string(name) + "(ARRAY, element)");
  }
  DataType type = F == &removed ? args[0]->type : F == &contains ? DataType::boolean() : DataType::integer();
  type = type.with_nullable(args[0]->type.nullable || (!kTakesNull && args[1]->type.nullable));
  return call(name, value_kernel<F>, std::move(args), std::move(type), kTakesNull);
}

template <auto F>
Result<ExprPtr> make_adding(std::string_view name, std::vector<ExprPtr> args) {
  if (args.size() != 2 || !is_array(args)) return no_overload(name, args, std::string(name) + "(ARRAY, element)");
  TRY_ASSIGN(DataType element, common_type(element_of(args[0]->type), args[1]->type));
  const bool nullable = args[0]->type.nullable || args[1]->type.nullable;
  const DataType type = DataType::array(element);
  args[0] = Expr::make_cast(args[0], type);
  args[1] = Expr::make_cast(args[1], element);
  return call(name, value_kernel<F>, std::move(args), type.with_nullable(nullable), true);
}

// One array; the result has its type.
template <auto F>
Result<ExprPtr> make_same(std::string_view name, std::vector<ExprPtr> args) {
  if (args.size() != 1 || !is_array(args)) return no_overload(name, args, std::string(name) + "(ARRAY)");
  DataType type = args[0]->type;
  return call(name, value_kernel<F>, std::move(args), std::move(type));
}

template <auto F, size_t Most>
Result<ExprPtr> make_combining(std::string_view name, std::vector<ExprPtr> args) {
  const std::string usage = std::string(name) + (Most == 2 ? "(ARRAY, ARRAY)" : "(ARRAY, …)");
  if (args.empty() || args.size() > Most || (Most == 2 && args.size() < 2)) return no_overload(name, args, usage);
  for (size_t i = 0; i < args.size(); ++i) {
    if (!is_array(args, i)) return no_overload(name, args, usage);
  }
  TRY_ASSIGN(DataType type, unify(args));
  return call(name, value_kernel<F>, std::move(args), std::move(type));
}

Result<ExprPtr> make_slice(std::string_view name, std::vector<ExprPtr> args) {
  const bool good = is_array(args) && (args.size() == 2 || args.size() == 3) && args[1]->type.is_integer() &&
                    (args.size() == 2 || args[2]->type.is_integer());
  if (!good) return no_overload(name, args, "ARRAY_SLICE(ARRAY, INTEGER[, INTEGER])");
  DataType type = strict_type(args, args[0]->type);
  return call(name, value_kernel<&slice>, std::move(args), std::move(type));
}

Result<ExprPtr> make_sort(std::string_view name, std::vector<ExprPtr> args) {
  bool good = is_array(args) && args.size() <= 3 && !element_of(args[0]->type).is_nested();
  for (size_t i = 1; i < args.size(); ++i) good = good && args[i]->type.kind == TypeKind::kBoolean;
  if (!good) return no_overload(name, args, "ARRAY_SORT(ARRAY[, BOOLEAN ascending[, BOOLEAN nulls_first]])");
  DataType type = strict_type(args, args[0]->type);
  return call(name, value_kernel<&sorted>, std::move(args), std::move(type));
}

template <bool Max>
Result<ExprPtr> make_extreme_element(std::string_view name, std::vector<ExprPtr> args) {
  if (args.size() != 1 || !is_array(args) || element_of(args[0]->type).is_nested()) {
    return no_overload(name, args, std::string(name) + "(ARRAY)");
  }
  DataType type = element_of(args[0]->type).with_nullable(true);
  return call(name, value_kernel<&extreme<Max>>, std::move(args), std::move(type));
}

Result<ExprPtr> make_join(std::string_view name, std::vector<ExprPtr> args) {
  bool good = is_array(args) && (args.size() == 2 || args.size() == 3) && element_of(args[0]->type).is_text();
  for (size_t i = 1; i < args.size(); ++i) good = good && args[i]->type.is_text();
  if (!good) return no_overload(name, args, "ARRAY_JOIN(ARRAY<STRING>, STRING[, STRING])");
  DataType type = strict_type(args, DataType::string());
  return call(name, value_kernel<&join>, std::move(args), std::move(type));
}

constexpr Special kArraySpecials[] = {
    {"ARRAY_APPEND", make_adding<&with_element<false>>, "ARRAY_APPEND(ARRAY, element)"},
    {"ARRAY_PREPEND", make_adding<&with_element<true>>, "ARRAY_PREPEND(ARRAY, element)"},
    {"ARRAY_CONTAINS", make_search<&contains>, "ARRAY_CONTAINS(ARRAY, element)"},
    {"ARRAY_POSITION", make_search<&position>, "ARRAY_POSITION(ARRAY, element)"},
    {"ARRAY_REMOVE", make_search<&removed>, "ARRAY_REMOVE(ARRAY, element)"},
    {"ARRAY_REVERSE", make_same<&reversed>, "ARRAY_REVERSE(ARRAY)"},
    {"ARRAY_DISTINCT", make_same<&distinct>, "ARRAY_DISTINCT(ARRAY)"},
    {"ARRAY_CONCAT", make_combining<&concat, SIZE_MAX>, "ARRAY_CONCAT(ARRAY, …)"},
    {"ARRAY_UNION", make_combining<&set_union, 2>, "ARRAY_UNION(ARRAY, ARRAY)"},
    {"ARRAY_EXCEPT", make_combining<&of_both<false>, 2>, "ARRAY_EXCEPT(ARRAY, ARRAY)"},
    {"ARRAY_INTERSECT", make_combining<&of_both<true>, 2>, "ARRAY_INTERSECT(ARRAY, ARRAY)"},
    {"ARRAY_SLICE", make_slice, "ARRAY_SLICE(ARRAY, INTEGER[, INTEGER])"},
    {"ARRAY_SORT", make_sort, "ARRAY_SORT(ARRAY[, BOOLEAN ascending[, BOOLEAN nulls_first]])"},
    {"ARRAY_MAX", make_extreme_element<true>, "ARRAY_MAX(ARRAY)"},
    {"ARRAY_MIN", make_extreme_element<false>, "ARRAY_MIN(ARRAY)"},
    {"ARRAY_JOIN", make_join, "ARRAY_JOIN(ARRAY<STRING>, STRING[, STRING])"},
};

}  // namespace

Family array_family() {
  return {"Arrays", {}, kArraySpecials};
}

}  // namespace leat
