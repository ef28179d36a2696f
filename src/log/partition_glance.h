#pragma once
// What the names and sizes of a partition's files tell, without opening it.
#include "env/env.h"

namespace leat {

struct PartitionGlance {
  uint64_t bytes = 0;   // Of all segments.
  WallTime oldest;      // When the first segment was written to last.
  size_t segments = 0;  // 0: there is nothing.
};
// A directory that is not there has nothing.
Result<PartitionGlance> glance_at(FileSystem&, const std::string& directory);

}  // namespace leat
