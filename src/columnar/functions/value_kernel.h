#pragma once
// Makes a Kernel out of a function of whole Values, for functions of collections, whose types are many and whose rows
// are few: value_kernel<[](Row& row, std::span<const Value> args) -> std::optional<Value> { … }>. Nothing is NULL.
#include "columnar/kernel.h"
#include "columnar/nested.h"

namespace leat {

template <auto F>
void value_kernel(const Expr& call, std::span<const ColumnPtr> args, Selection selection, Column& out,
                  EvalContext& context) {
  Row scope{call, out, context};
  std::vector<Value> values(args.size());
  for (uint32_t row : selection) {
    scope.row = row;
    for (size_t i = 0; i < args.size(); ++i) values[i] = args[i]->value(row);
    const std::optional<Value> result = F(scope, std::span<const Value>(values));
    if (result) {
      out.set_value(row, *result);
    } else {
      out.set_null(row);
    }
  }
}

inline BytesView bytes_of(const Value& value) {
  return *std::get_if<std::string>(&value.data);
}
inline int64_t int_of(const Value& value) {
  return *std::get_if<int64_t>(&value.data);
}
inline bool bool_of(const Value& value) {
  return *std::get_if<bool>(&value.data);
}

inline const DataType& element_of(const DataType& array) {
  return array.children->front().type;
}
inline const DataType& key_of(const DataType& map) {
  return map.children->front().type;
}
inline const DataType& value_of(const DataType& map) {
  return map.children->back().type;
}

}  // namespace leat
