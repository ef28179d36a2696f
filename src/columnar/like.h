#pragma once
#include <optional>
#include <string>
#include <vector>

#include "base/types.h"

namespace leat {

// A LIKE pattern, cut at its '%' into pieces of text. Matching takes the leftmost place for each piece, which is right
// because '%' matches anything.
class LikePattern {
 public:
  // Absent where `escape` stands before a character that needs none. No escape: '\0'.
  static std::optional<LikePattern> parse(BytesView pattern, char escape);
  bool matches(BytesView text) const;

 private:
  struct Piece {
    Bytes text;
    std::vector<bool> any;  // Per byte of `text`: a '_', one character. Empty if there is none.
  };
  static std::optional<size_t> match_at(const Piece&, BytesView text);        // Bytes taken.
  static std::optional<size_t> match_at_end(const Piece&, BytesView text);    // Start of the match.
  static std::optional<size_t> match_anywhere(const Piece&, BytesView text);  // End of the first match.

  std::vector<Piece> pieces_;  // At least one; a '%' between two.
};

// The regular expression (RE2) of a SIMILAR TO pattern; absent if the escape is misused.
std::optional<std::string> similar_to_regex(BytesView pattern, char escape);

}  // namespace leat
