#pragma once
// "true" and "false" in any case, with blanks around them: what formats take for a BOOLEAN.
#include <algorithm>
#include <optional>

#include "columnar/number_text.h"

namespace leat {

inline std::optional<bool> parse_boolean(BytesView text) {
  text = trimmed(text);
  const auto is = [text](BytesView word) {
    return std::ranges::equal(text, word, [](char a, char b) { return (a >= 'A' && a <= 'Z' ? a + 32 : a) == b; });
  };
  if (is("true")) return true;
  return is("false") ? std::optional<bool>(false) : std::nullopt;
}

}  // namespace leat
