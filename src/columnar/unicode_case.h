#pragma once
#include <string>

#include "base/types.h"

namespace leat {

// Upper and lower case as Java's String.toUpperCase(Locale.ROOT): Latin, Greek, Cyrillic, Armenian and full-width
// letters; others are as they are.
std::string to_upper(BytesView);
std::string to_lower(BytesView);
// Character.isLetter, for text in the scripts people write; symbols, punctuation and digits are not.
bool is_letter(char32_t);

}  // namespace leat
