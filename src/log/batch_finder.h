#pragma once
// Where in a segment's file a batch stands, found with the index and a few headers: nothing else is read.
#include "log/segment.h"

namespace leat {

// The position of the batch that holds the offset or, if none does (compaction took it), of the first one behind.
// The segment's end if there is none. The offset is not below the segment's base.
Result<uint64_t> position_of(Segment&, Offset);

}  // namespace leat
