#pragma once
// Durations and sizes as people write them in options and settings, and names that are nearly right.
#include <cstdint>
#include <string>
#include <vector>

#include "base/result.h"

namespace leat {

// "10 s", "1 min", "500ms", "2 h", "1 d", "5" (milliseconds), "PT1H30M" (Flink's durations); in milliseconds.
Result<int64_t> parse_duration_ms(const std::string& text);
// "64 mb", "1g", "4096" (bytes); powers of 1024, as in Flink.
Result<int64_t> parse_memory_bytes(const std::string& text);

// The known name with the smallest edit distance, if it is near enough to suggest; else empty.
std::string nearest_name(const std::string& name, const std::vector<std::string>& known);
// "; did you mean 'x'?", or nothing.
std::string did_you_mean(const std::string& name, const std::vector<std::string>& known);

}  // namespace leat
