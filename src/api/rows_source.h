#pragma once
// Rows in memory as a source: one partition, in their order, whose positions are their numbers.
#include <memory>
#include <string>
#include <vector>

#include "columnar/value.h"
#include "stream/source.h"

namespace leat::detail {

struct StoredRows {
  std::string table;
  Schema schema;
  std::vector<std::vector<Value>> rows;
};

// Reads `columns` of them, by name.
std::unique_ptr<Source> make_rows_source(std::shared_ptr<const StoredRows>, const Schema& columns, uint32_t batch_rows);

}  // namespace leat::detail
