#pragma once
#include <string>
#include <vector>

#include "connect/connector.h"

namespace leat {

struct FileSinkOptions {
  std::string path;
  std::vector<size_t> data_columns, partition_columns;  // Of the rows written.
  std::vector<std::string> partition_names;
  std::string default_partition;
};

Result<std::unique_ptr<Sink>> make_filesystem_sink(const TableOptions&, const EvalSettings&);

}  // namespace leat
