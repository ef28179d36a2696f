#pragma once
// A JSON text as a tree, read the way Flink's Jackson reads it: the first value of a text counts, and of equal keys the
// last one. Bounded: at most kDepthMax levels, so that no text can exhaust the stack.
#include <deque>
#include <optional>
#include <string>
#include <vector>

#include "base/types.h"

namespace leat {

class JsonTree {
 public:
  static constexpr int kDepthMax = 1000;

  enum class Kind : uint8_t { kNull, kBoolean, kInteger, kDecimal, kString, kArray, kObject };

  // A value and, after it, what is in it: the elements of an array; of an object keys (strings) and values in turn.
  struct Node {
    Kind kind;
    bool truth = false;   // kBoolean.
    BytesView text = {};  // kString: its characters. Numbers: as they are written.
    uint32_t end = 0;     // The index after everything that is in it.
    uint32_t count = 0;   // Of elements, or of keys.

    bool is_scalar() const { return kind < Kind::kArray; }
  };

  // The text outlives the tree. Nothing if it is no JSON; `error`, if not null, then says why.
  static std::optional<JsonTree> parse(BytesView text, std::string* error = nullptr);

  const Node& node(uint32_t index) const { return nodes_[index]; }
  // Children of an array or values of an object, in order: visit(child) or visit(child, key), where a child is an
  // index. A key that comes again is visited once, at its first place and with its last value.
  template <class Visit>
  void for_each_element(uint32_t array, Visit visit) const {
    for (uint32_t at = array + 1; at < nodes_[array].end; at = nodes_[at].end) visit(at);
  }
  template <class Visit>
  void for_each_member(uint32_t object, Visit visit) const {
    for (const auto& [key, value] : members(object)) visit(value, nodes_[key].text);
  }
  std::optional<uint32_t> member(uint32_t object, BytesView key) const;

  // The value as Flink's Jackson writes it: without blanks, the keys of an object in order.
  void append(uint32_t node, std::string& out) const;
  // A scalar's text: of a string its characters, of a number what Java prints. "null" for null.
  std::string scalar_text(uint32_t node) const;

 private:
  class Parser;
  std::vector<std::pair<uint32_t, uint32_t>> members(uint32_t object) const;

  std::vector<Node> nodes_;
  std::deque<std::string> unescaped_;  // Strings that are not in the text as they are.
};

// In quotes, with Jackson's escapes.
void append_json_text(std::string& out, BytesView text);
// A decimal as Java's BigDecimal.toString prints it: "1E+3", "0.001", "1.50".
std::string big_decimal_text(BytesView number);

}  // namespace leat
