#pragma once
#include <optional>

#include "base/types.h"

namespace leat {

void base64_encode(BytesView in, Bytes& out);        // Appends; padded with '='.
std::optional<Bytes> base64_decode(BytesView text);  // Padded; blanks may stand between groups of four.

}  // namespace leat
