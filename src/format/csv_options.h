#pragma once
// The options of the csv format, as Flink has them.
#include <optional>
#include <string>

#include "format/format.h"

namespace leat {

struct CsvOptions {
  char delimiter = ',';
  std::optional<char> quote = '"';
  std::optional<char> escape;
  bool allow_comments = false;
  bool ignore_parse_errors = false;
  bool scientific_decimals = true;  // csv.write-bigdecimal-in-scientific-notation: 100.00 is 1E+2.
  std::string array_delimiter = ";";
  std::optional<std::string> null_literal;
};
Result<CsvOptions> read_csv_options(const Options&);
// CSV carries scalars, and ARRAY and ROW of scalars.
Status check_csv_type(const DataType&, const std::string& field);

}  // namespace leat
