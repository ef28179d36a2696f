#pragma once
#include "columnar/java_time_format.h"

namespace leat {

// Every field of a local time.
JavaTimeFormat::Values java_time_values(int64_t local_micros);
// The local time that fields mean, as java.time resolves them (SMART): April 31st is April 30th, 24:00 the next day.
// Nothing if they contradict each other or do not exist. What is missing is that of 1970-01-01 00:00:00.
std::optional<int64_t> java_time_resolve(const JavaTimeFormat::Values&);

}  // namespace leat
