#pragma once
#include <string>

#include "columnar/type.h"
#include "columnar/value.h"

namespace leat {

// Whether values of the type can be in JSON: not dates, times and intervals, and no map whose keys are no text.
bool has_json(const DataType&);
// A value as Flink's JSON_STRING writes it: numbers as BigDecimal prints them, timestamps in ISO 8601, bytes in base
// 64, the members of an object in order.
void append_json(std::string& out, const Value&, const DataType&);

}  // namespace leat
