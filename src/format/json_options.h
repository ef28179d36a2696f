#pragma once
// The options of the json format, as Flink has them.
#include "format/format.h"

namespace leat {

struct JsonOptions {
  bool fail_on_missing_field = false;
  bool ignore_parse_errors = false;
  bool iso_timestamps = false;
  bool plain_decimals = false;      // json.encode.decimal-as-plain-number.
  bool ignore_null_fields = false;  // json.encode.ignore-null-fields.
  std::string null_key_mode = "FAIL", null_key_literal = "null";
};
Result<JsonOptions> read_json_options(const Options&);
Status check_json_type(const DataType&, const std::string& field);

}  // namespace leat
