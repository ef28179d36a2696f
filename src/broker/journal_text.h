#pragma once
// The fields of a journal's entries: numbers and text, each with its length before it, as in "5:hello2:42".
#include <string>

#include "base/types.h"

namespace leat {

inline void put_field(Bytes& out, BytesView text) {
  out += std::to_string(text.size());
  out += ':';
  out += text;
}

inline void put_field(Bytes& out, int64_t number) {
  put_field(out, BytesView(std::to_string(number)));
}

// Reads back in the order written. The batch's checksum was right, so the fields are as they were written.
class FieldReader {
 public:
  explicit FieldReader(BytesView in) : in_(in) {}

  Bytes text() {
    size_t size = 0;
    for (; !in_.empty() && in_[0] != ':'; in_.remove_prefix(1)) size = size * 10 + static_cast<size_t>(in_[0] - '0');
    CHECK(in_.size() > size);
    Bytes out(in_.substr(1, size));
    in_.remove_prefix(1 + size);
    return out;
  }
  int64_t number() { return std::stoll(text()); }

 private:
  BytesView in_;
};

}  // namespace leat
