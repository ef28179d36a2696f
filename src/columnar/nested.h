#pragma once
// Reading and making the encodings of ROW, ARRAY and MAP values (value.h).
#include <utility>
#include <vector>

#include "columnar/value.h"

namespace leat {

std::vector<Value> decode_row(BytesView, const DataType& row);
std::vector<Value> decode_array(BytesView, const DataType& element);
std::vector<std::pair<Value, Value>> decode_map(BytesView, const DataType& key, const DataType& value);
int64_t nested_size(BytesView array_or_map);

Bytes encode_array(const std::vector<Value>& elements);
// In input order; the last of equal keys wins, at the place of the first.
Bytes encode_map(std::vector<std::pair<Value, Value>> entries);

}  // namespace leat
