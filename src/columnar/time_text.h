#pragma once
// Dates, times, timestamps and intervals to text and back, in the forms that Flink's CAST prints and accepts.
#include <cstdint>
#include <optional>
#include <string>

#include "base/types.h"

namespace leat {

void append_date(std::string& out, int64_t days);                          // 2024-02-29
void append_time(std::string& out, int64_t micros_of_day, int precision);  // 12:34:56.789
void append_timestamp(std::string& out, int64_t micros, int precision);    // 2024-02-29 12:34:56.789
std::string months_to_text(int64_t months);                                // +1-02
std::string micros_to_text(int64_t micros);                                // +1 02:03:04.000

std::optional<int64_t> date_from_text(BytesView);
std::optional<int64_t> time_from_text(BytesView);  // Microseconds since midnight.
// "yyyy-M-d", optionally followed by " H:m:s" and a fraction of up to 9 digits (cut to microseconds).
std::optional<int64_t> timestamp_from_text(BytesView);

// As java.sql.Timestamp.valueOf and java.sql.Date.valueOf: "yyyy-[m]m-[d]d", which may be followed by " h:m:s[.f]".
// Days beyond a month and hours beyond a day lead into the next.
std::optional<int64_t> jdbc_timestamp_from_text(BytesView);

int64_t cut_to_precision(int64_t micros, int precision);  // Towards the past.
// As Flink's CAST of a timestamp does it: below milliseconds towards the past, from there on towards 1970.
int64_t truncated_timestamp(int64_t micros, int precision);

}  // namespace leat
