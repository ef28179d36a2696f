#pragma once
// Timestamps as formats write them.
#include <cstdint>
#include <optional>

#include "base/types.h"

namespace leat {

// "2024-02-29 12:34:56[.f]", with 'T' instead of the blank if `iso`; a 'Z' at the end if `utc` (TIMESTAMP_LTZ), which
// is what Flink's formats require. Microseconds.
std::optional<int64_t> parse_timestamp(BytesView text, bool iso, bool utc);
void append_format_timestamp(Bytes& out, int64_t micros, int precision, bool iso, bool utc);

}  // namespace leat
