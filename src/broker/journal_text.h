#pragma once
// The fields of a journal's entries: numbers and text, each with its length before it, as in "5:hello2:42".
#include <charconv>
#include <optional>
#include <string>

#include "base/result.h"
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

inline void put_optional(Bytes& out, const std::optional<std::string>& text) {  // Two fields. Absent is not empty.
  put_field(out, int64_t{text ? 1 : 0});
  put_field(out, BytesView(text ? *text : std::string()));
}

inline void put_field(Bytes& out, const TopicPartition& partition) {  // Two fields.
  put_field(out, BytesView(partition.topic));
  put_field(out, int64_t{partition.partition.value});
}

// Reads back in the order written. kCorruption if something else is there.
class FieldReader {
 public:
  explicit FieldReader(BytesView in) : in_(in) {}

  Result<Bytes> text() {
    TRY_ASSIGN(BytesView field, next());
    return Bytes(field);
  }
  Result<int64_t> number() {
    TRY_ASSIGN(BytesView field, next());
    int64_t out = 0;
    if (!parse(field, out)) return Error{Errc::kCorruption, "'" + Bytes(field) + "' is not a number"};
    return out;
  }
  // A number that fits.
  template <class T>
  Status number(T& out) {
    TRY_ASSIGN(int64_t wide, number());
    out = static_cast<T>(wide);
    return out == wide ? Status() : Error{Errc::kCorruption, std::to_string(wide) + " is out of range"};
  }
  Status optional(std::optional<std::string>& out) {
    TRY_ASSIGN(int64_t there, number());
    TRY_ASSIGN(std::string value, text());
    out = there != 0 ? std::optional<std::string>(std::move(value)) : std::nullopt;
    return {};
  }
  Status partition(TopicPartition& out) {
    TRY_ASSIGN(out.topic, text());
    return number(out.partition.value);
  }
  bool at_end() const { return in_.empty(); }

 private:
  template <class T>
  static bool parse(BytesView text, T& out) {
    auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), out);
    return error == std::errc() && end == text.data() + text.size();
  }

  Result<BytesView> next() {
    size_t colon = in_.find(':'), size = 0;
    if (colon == BytesView::npos || !parse(in_.substr(0, colon), size) || size > in_.size() - colon - 1) {
      return Error{Errc::kCorruption, "a field is missing"};
    }
    BytesView out = in_.substr(colon + 1, size);
    in_.remove_prefix(colon + 1 + size);
    return out;
  }

  BytesView in_;
};

}  // namespace leat
