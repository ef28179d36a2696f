#pragma once
// A JSON object written field by field, for records and the facts about them.
#include <optional>
#include <string_view>
#include <vector>

#include "base/types.h"
#include "topic/topic.h"

namespace leat {

// "YYYY-MM-DD HH:MM:SS[.fff]" in UTC, quoted; -/+infinity before and after every time.
void append_time(int64_t ms, Bytes& out);

class JsonObject {
 public:
  explicit JsonObject(Bytes& out) : out_(out) { out_ += '{'; }
  void close() { out_ += '}'; }  // Once, at the end.

  // Bytes that are not UTF-8 go to the field `name`_base64 instead.
  void text(std::string_view name, BytesView value);
  void bytes(std::string_view name, const std::optional<Bytes>& value);  // null, or as text().
  void number(std::string_view name, int64_t value);
  void time(std::string_view name, int64_t ms);
  void raw(std::string_view name, BytesView json);

 private:
  void name(std::string_view name);
  Bytes& out_;
  bool first_ = true;
};

// An object; a name that occurs more than once has an array of its values.
Bytes headers_to_json(const std::vector<Header>&);

}  // namespace leat
