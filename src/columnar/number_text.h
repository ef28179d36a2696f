#pragma once
// Numbers to text and back as Java does it, because that is what Flink's CAST prints and accepts.
#include <cstdint>
#include <optional>
#include <string>

#include "base/types.h"

namespace leat {

// Double.toString and Float.toString: the shortest digits that read back the same; "1.0E10", "0.1", "NaN", "-Infinity".
std::string double_to_text(double);
std::string float_to_text(float);

// [min, max] of an integer with an optional sign. A fraction is allowed and ignored, as Flink's CAST does: "12.7"
// is 12, ".5" is 0.
std::optional<int64_t> int_from_text(BytesView, int64_t min, int64_t max);
// Also "NaN", "Infinity", "-Infinity", exponents, and Java's suffixes: "1.5f", "1d".
std::optional<double> double_from_text(BytesView);
std::optional<float> float_from_text(BytesView);

BytesView without_blanks(BytesView);  // At both ends, and no other character.
BytesView trimmed(BytesView);         // Without blanks and control characters at both ends, as Java's String.trim.

}  // namespace leat
