#pragma once
// Paths into a JSON text, in the language of Jayway's JsonPath that Flink has, with SQL's "lax" or "strict" before it:
// $.a.b  $['a b']  $[0]  $[-1]  $[1:3]  $[0,2]  $[*]  $.*  $..a  $.a.length()
#include <string>
#include <variant>
#include <vector>

#include "base/result.h"
#include "columnar/json_tree.h"

namespace leat {

class JsonPath {
 public:
  // kInvalidArgument: no path. kUnsupported: filters, and functions but length().
  static Result<JsonPath> make(BytesView text);

  bool lax() const { return lax_; }
  // Whether it leads to at most one value; else what it finds is an array of all of them.
  bool is_definite() const { return definite_; }
  bool asks_length() const { return length_; }

  // What is there, in order: exactly one if definite. Nothing if that much of it as is definite leads nowhere.
  std::optional<std::vector<uint32_t>> find(const JsonTree&) const;

 private:
  struct Member {
    std::string name;
  };
  struct Indices {
    std::vector<int64_t> places;  // From 0; from the end if negative.
  };
  struct Slice {
    std::optional<int64_t> from, to;
  };
  struct Wildcard {};
  // The value and everything in it.
  struct Descend {};
  using Step = std::variant<Member, Indices, Slice, Wildcard, Descend>;
  class Reader;

  static bool is_definite(const Step&);
  static void take(const JsonTree&, const Step&, uint32_t from, std::vector<uint32_t>& out);

  std::vector<Step> steps_;
  bool lax_ = false, definite_ = true, length_ = false;
};

}  // namespace leat
