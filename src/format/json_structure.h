#pragma once
// Whether text is put together as JSON is: brackets that match, and values, commas and colons in their places. At any
// depth, in memory of a bit a level. Scalars are not looked into. Strings must be whole, which the parser has seen to.
#include "base/types.h"

namespace leat {

// `text` is one object or array, from its bracket to its last.
bool is_well_formed_container(BytesView text);

}  // namespace leat
