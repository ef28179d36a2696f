#pragma once
// Java's regular expressions on RE2, which takes linear time whatever the pattern is.
#include <memory>
#include <string>

#include "base/types.h"
#include "columnar/kernel.h"

namespace re2 {
class RE2;
}

namespace leat {

// A pattern, compiled once. Java's syntax but for what RE2 cannot do: back references, look-around, possessive and
// atomic groups, and classes within classes.
struct Regex {
  std::unique_ptr<re2::RE2> compiled;  // Null if the pattern is invalid or unsupported.
  std::string unsupported;             // What of Java's syntax is missing; empty if nothing is.

  Regex();
  explicit Regex(BytesView java_pattern);
  ~Regex();
  Regex(Regex&&) noexcept;
  Regex& operator=(Regex&&) noexcept;
};

// What to search at and after `position` of `text`, with the groups; false if there is nothing.
bool find(const Regex&, BytesView text, size_t position, std::span<BytesView> groups);
int group_count(const Regex&);

// The pattern of a call: the one prepared for it, or the compiled form of `pattern`. Null if it is invalid; a pattern
// that we cannot run marks the row.
const Regex* regex_of(Row&, BytesView pattern);
// Prepares the call's literal pattern args[index]; kUnsupported says what is missing.
Result<ExprPtr> with_prepared_regex(ExprPtr call, size_t index);

// Calls visit(groups) for each match as Java's Matcher.find does: after an empty match, one character further.
template <class Visit>
void for_each_match(const Regex& regex, BytesView text, std::span<BytesView> groups, Visit visit) {
  for (size_t position = 0; position <= text.size() && find(regex, text, position, groups);) {
    const auto start = static_cast<size_t>(groups[0].data() - text.data());
    position = start + groups[0].size();
    if (groups[0].empty()) {
      ++position;
      while (position < text.size() && (static_cast<uint8_t>(text[position]) & 0xC0) == 0x80) ++position;
    }
    visit();
  }
}

}  // namespace leat
