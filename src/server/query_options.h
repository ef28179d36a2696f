#pragma once
// What `leat sql` was told about showing results.
#include "server/row_printer.h"

namespace leat {

struct QueryOptions {
  ResultFormat format = ResultFormat::kTable;
  bool late = false;  // Late rows are part of the output (changelog-json).
};

}  // namespace leat
