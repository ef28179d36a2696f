#pragma once
// RFC 4648, section 4: the standard alphabet, padded. Pure; any thread.
#include <optional>

#include "base/types.h"

namespace leat {

Bytes to_base64(BytesView);
void append_base64(BytesView, Bytes& out);

// Null if it is something else. Bits that the padding leaves over are not looked at.
std::optional<Bytes> from_base64(BytesView text);

// The same, but blanks and control characters may stand before each group of four, and a text may follow another: what
// Jackson's MIME variants read, and so Flink's JSON and CSV formats.
std::optional<Bytes> from_spaced_base64(BytesView text);

}  // namespace leat
