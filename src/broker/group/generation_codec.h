#pragma once
#include "broker/group/classic_group.h"

namespace leat {

// A generation as bytes, for the log. docs/formats/broker-state.md.
Bytes encode_generation(const Generation&);
Result<Generation> decode_generation(BytesView);  // kCorruption.

}  // namespace leat
