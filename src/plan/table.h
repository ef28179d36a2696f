#pragma once
// A table as declared: what CREATE TABLE says, with its expressions bound.
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "columnar/expr.h"
#include "stream/source.h"

namespace leat {

struct TableColumn {
  enum class Kind : uint8_t { kPhysical, kComputed, kMetadata };
  Field field;
  Kind kind = Kind::kPhysical;
  ExprPtr computed;          // kComputed: over the table's columns (all of them, by their index in Table::columns).
  std::string metadata_key;  // kMetadata.
  bool is_virtual = false;   // kMetadata VIRTUAL: read, never written.
  std::string comment;
};

struct Watermark {
  uint32_t column;  // TIMESTAMP(p) or TIMESTAMP_LTZ(p), p <= 3.
  ExprPtr expr;     // Over the table's columns; the same type as the column.
};

struct Table {
  std::string name;
  std::vector<TableColumn> columns;
  std::vector<Watermark> watermark;  // None or one.
  std::vector<std::string> primary_key, partitioned_by;
  std::map<std::string, std::string> options;  // WITH (…) and hints; keys as Flink has them.
  std::string comment;
  // Of a table whose rows the program itself has (the C++ API): reads those columns of it, in batches of at most so
  // many rows. Empty: `options` name a connector.
  std::function<std::unique_ptr<Source>(const Schema& columns, uint32_t batch_rows)> own_source;

  Schema schema() const;  // Of all columns, in order: what SELECT * gives.
  Schema physical_schema() const;
  Schema sink_schema() const;  // What INSERT INTO writes: physical and non-virtual metadata columns, in order.
};
using TablePtr = std::shared_ptr<const Table>;

}  // namespace leat
