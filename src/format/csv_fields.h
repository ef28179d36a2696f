#pragma once
// One CSV record into its fields (RFC 4180, and the escapes of flink-csv).
#include <memory>
#include <string>
#include <vector>

#include "base/types.h"
#include "format/csv_options.h"

namespace leat {

struct CsvField {
  BytesView text;       // In the record, or in `unescaped` below.
  bool quoted = false;  // A quoted empty field is an empty string, never a missing value.
};

class CsvFields {
 public:
  explicit CsvFields(const CsvOptions& options) : options_(options) {}
  // False: a quote was not closed, or text follows a closing quote. The fields live until the next call.
  bool split(BytesView record);
  const std::vector<CsvField>& fields() const { return fields_; }

 private:
  size_t quoted_field(BytesView record, size_t at);
  const CsvOptions& options_;
  std::vector<CsvField> fields_;
  std::vector<std::unique_ptr<std::string>> unescaped_;
};

}  // namespace leat
