#pragma once
// Formats: records as bytes to rows in columns, and back. JSON and CSV; the options are Flink's.
//
// A row is bad if its structure is (JSON brackets, strings, UTF-8; the number of CSV fields), or if a field that is
// read does not fit its type. A field that is not read is not decoded (as in Flink).
//
// Threads: a RowDecoder belongs to one thread; make one a worker.
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "base/result.h"
#include "columnar/batch.h"
#include "columnar/expr.h"

namespace leat {

using Options = std::map<std::string, std::string>;  // WITH (…), keys in lower case.

struct DecodeFailure {
  uint32_t record;              // Index into the records given.
  std::string reason, message;  // "json.invalid", "json.type", "csv.fields", "utf8.invalid"; the message has the value.
};

struct Decoded {
  std::vector<ColumnPtr> columns;       // One a field of the schema; rows without the failed records.
  std::vector<uint32_t> good;           // Row -> record.
  std::vector<DecodeFailure> failures;  // Ascending.
};

class RowDecoder {
 public:
  virtual ~RowDecoder() = default;
  // At most kBatchRowsMax records. Each record is followed by at least kPadding readable bytes (not its own), and lives
  // as long as `owner`, which the columns keep alive if they point into it.
  virtual Decoded decode(std::span<const BytesView> records, std::shared_ptr<const void> owner) = 0;
  static constexpr size_t kPadding = 64;
};

class RowEncoder {
 public:
  virtual ~RowEncoder() = default;
  virtual void encode(const Batch&, uint32_t row, Bytes& out) = 0;  // Appends one record, without a line end.
  virtual Bytes header() const { return {}; }
};

// `fields`: those to decode, by name; `all`: every column of a record, in order. Errors: kInvalidArgument for a format,
// option or value that is unknown, naming the nearest known one; kUnsupported for a type that the format cannot carry.
// Options that start with the format's name
// ("json.ignore-parse-errors") are taken; others are the connector's.
Result<std::unique_ptr<RowDecoder>> make_decoder(const std::string& format, const Options&, const Schema& fields,
                                                 const Schema& all, const EvalSettings&);
Result<std::unique_ptr<RowEncoder>> make_encoder(const std::string& format, const Options&, const Schema& fields,
                                                 const EvalSettings&);

// JSON of one value, as `leat sql --format changelog-json` and the dead letters write it: DECIMAL as a string, times as
// YYYY-MM-DD HH:MM:SS[.fff], BYTES as base64, MAP as an object, NaN and infinities as strings.
void append_json(const Value&, const DataType&, const EvalSettings&, Bytes& out);
void append_json_string(BytesView utf8, Bytes& out);
// The same straight from a column.
void append_json(const Column&, uint32_t row, const EvalSettings&, Bytes& out);

}  // namespace leat
