#pragma once
// One JSON value into one cell of a column, by Flink's rules of conversion (flink-json, JsonToRowDataConverters).
#include <simdjson.h>

#include <string>

#include "columnar/column.h"
#include "columnar/expr.h"

namespace leat {

struct JsonCellContext {
  const EvalSettings& settings;
  bool iso_timestamps = false;       // json.timestamp-format.standard = ISO-8601.
  bool ignore_parse_errors = false;  // A field of a nested value that does not fit becomes NULL.
};

// Why a value is not a value of the type. `structural`: the document itself is broken.
struct JsonCellError {
  bool structural = false;
  std::string what;
};

// False: `error` says why. The bytes of strings are copied into the column unless they stand in the document as they
// are, which then must outlive the column.
bool read_json_cell(simdjson::ondemand::value value, const JsonCellContext&, Column& out, uint32_t row,
                    JsonCellError& error);
// Reads over a value that nobody wants, but looks at its structure: brackets, strings, depth.
simdjson::error_code skip_json_value(simdjson::ondemand::value value);

}  // namespace leat
