#pragma once
#include <optional>

#include "base/types.h"

namespace leat {

void base64_encode(BytesView in, Bytes& out);        // Appends; padded with '='.
std::optional<Bytes> base64_decode(BytesView text);  // Padding may be absent.

}  // namespace leat
