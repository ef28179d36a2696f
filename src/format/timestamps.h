#pragma once
// Dates and times as formats write them.
#include <cstdint>
#include <optional>

#include "base/types.h"

namespace leat {

// "2024-02-29", as days.
std::optional<int64_t> parse_date(BytesView text);
// "12:34:56[.f]", and "24:00:00", which is 00:00:00. Microseconds, without those of a millisecond.
std::optional<int64_t> parse_time(BytesView text);
// What CSV takes: "2024-2-9", and days that a month does not have are those of the next one.
std::optional<int64_t> parse_lenient_date(BytesView text);
// What CSV takes: "12:34[:56[.f]]", as TIME(precision).
std::optional<int64_t> parse_iso_time(BytesView text, int precision);
// "2024-02-29 12:34:56[.f]", with 'T' instead of the blank if `iso`; a 'Z' at the end if `utc` (TIMESTAMP_LTZ), which
// is what Flink's formats require. Microseconds. As there, only an ISO TIMESTAMP has to be in the calendar: otherwise
// the 30th of February is its last day, and 24:00:00 the next day's midnight.
std::optional<int64_t> parse_timestamp(BytesView text, bool iso, bool utc);
// What a TIMESTAMP(precision) keeps of a parsed one: Flink stores milliseconds for every precision up to 3, so a
// TIMESTAMP(0) read by a format has milliseconds, and they are written again.
int64_t kept_timestamp(int64_t micros, int precision);
void append_format_timestamp(Bytes& out, int64_t micros, bool iso, bool utc);
void append_format_time(Bytes& out, int64_t micros);

}  // namespace leat
