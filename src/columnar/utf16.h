#pragma once
#include <string>

#include "base/types.h"

namespace leat {

// As java.lang.String holds it. What is not UTF-8 is U+FFFD, and half of a surrogate pair turns into '?' on the way
// back, as it does in Java.
std::u16string to_utf16(BytesView);
std::string from_utf16(std::u16string_view);

}  // namespace leat
