#pragma once
// Reading over plain JSON (json_scan.h) that nobody wants, while seeing that it is valid.
#include "base/types.h"

namespace leat {

// Behind the string, literal, number, array or object at `at`. Null: it is not plain, not valid, or nested deeper than
// 64 levels. Both read up to 16 bytes behind `end`.
const char* skip_plain_string(const char* at, const char* end);
const char* skip_plain_value(const char* at, const char* end);

// Behind `word`, if that is what stands at `at`.
const char* skip_word(const char* at, BytesView word);

}  // namespace leat
