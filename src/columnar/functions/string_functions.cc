// Text: length, case, cutting, padding, searching, joining. Positions count from 1; characters are code points, except
// where Flink goes through java.lang.String and counts UTF-16 units.
#include <algorithm>

#include "columnar/kernel.h"
#include "columnar/registry.h"
#include "columnar/unicode_case.h"
#include "columnar/utf16.h"
#include "columnar/utf8.h"

namespace leat {
namespace {

// Flink's substringSQL. A view into `text`.
std::optional<BytesView> substring(BytesView text, int64_t position, int64_t length) {
  if (length < 0) return std::nullopt;
  if (text.empty()) return text;
  int64_t start = 0;
  if (position > 0) {
    start = position - 1;
  } else if (position < 0) {
    start = count_code_points(text) + position;
    if (start < 0) return BytesView{};
  }
  text.remove_prefix(prefix_bytes(text, start));
  return text.substr(0, prefix_bytes(text, length));
}

BytesView left(BytesView text, int64_t count) {
  return text.substr(0, prefix_bytes(text, count));
}

BytesView right(BytesView text, int64_t count) {
  if (count <= 0) return {};
  const int64_t total = count_code_points(text);
  return count >= total ? text : text.substr(prefix_bytes(text, total - count));
}

// The place of `needle` at or after the character `from`, both from 1; 0 if there is none.
int64_t locate(BytesView needle, BytesView text, int64_t from) {
  if (needle.empty()) return 1;
  const size_t start = prefix_bytes(text, std::max<int64_t>(from - 1, 0));
  const size_t found = text.find(needle, start);
  return found == BytesView::npos ? 0 : count_code_points(text.substr(0, found)) + 1;
}

std::string reversed(BytesView text) {
  std::string out(text.size(), '\0');
  for (size_t at = 0; at < text.size();) {
    const size_t size = next_code_point(text.substr(at)).size;
    text.copy(out.data() + text.size() - at - size, size, at);
    at += size;
  }
  return out;
}

std::optional<int64_t> instr(Row& row, BytesView text, BytesView needle, int64_t from, int64_t nth) {
  if (nth <= 0)
    return row.fail("argument.invalid", "INSTR: the occurrence must be positive, not " + std::to_string(nth));
  if (from == 0) return 0;
  if (from < 0) {
    const auto place = instr(row, reversed(text), reversed(needle), -from, nth);
    if (!place || *place == 0) return place;
    return count_code_points(text) + 2 - *place - count_code_points(needle);
  }
  int64_t place = 0;
  for (; nth > 0; --nth, from = place + 1) {
    place = locate(needle, text, from);
    if (place == 0) return 0;
  }
  return place;
}

bool within(BytesView character, BytesView set) {
  while (!set.empty()) {
    const size_t size = next_code_point(set).size;
    if (set.substr(0, size) == character) return true;
    set.remove_prefix(size);
  }
  return false;
}

BytesView trim_left(BytesView text, BytesView set) {
  while (!text.empty()) {
    const size_t size = next_code_point(text).size;
    if (!within(text.substr(0, size), set)) break;
    text.remove_prefix(size);
  }
  return text;
}

BytesView trim_right(BytesView text, BytesView set) {
  while (!text.empty()) {
    size_t start = text.size() - 1;
    while (start > 0 && is_continuation(text[start]) && text.size() - start < 4) --start;
    if (next_code_point(text.substr(start)).size != text.size() - start) start = text.size() - 1;
    if (!within(text.substr(start), set)) break;
    text.remove_suffix(text.size() - start);
  }
  return text;
}

BytesView trim_both(BytesView text, BytesView set) {
  return trim_right(trim_left(text, set), set);
}

std::string initcap(BytesView text) {
  std::string out(text);
  bool start = true;
  for (char& c : out) {
    const bool upper = c >= 'A' && c <= 'Z', lower = c >= 'a' && c <= 'z';
    if (start && lower) c = static_cast<char>(c - 32);
    if (!start && upper) c = static_cast<char>(c + 32);
    start = !(upper || lower || (c >= '0' && c <= '9'));
  }
  return out;
}

// A result that nobody could mean, such as REPEAT(s, 2000000000).
constexpr int64_t kStringBytesMax = 64 << 20;
std::nullopt_t too_long(Row& row) {
  return row.fail("result.too.long", row.call.function->name + ": the result would be longer than 64 MB");
}

std::optional<std::string> repeat(Row& row, BytesView text, int64_t count) {
  std::string out;
  if (count <= 0 || text.empty()) return out;
  if (count > kStringBytesMax / static_cast<int64_t>(text.size())) return too_long(row);
  out.reserve(text.size() * static_cast<size_t>(count));
  for (; count > 0; --count) out += text;
  return out;
}

template <bool Left>
std::optional<std::string> pad(Row& row, BytesView text, int64_t length, BytesView padding) {
  if (length < 0 || padding.empty()) return std::nullopt;
  if (length > kStringBytesMax) return too_long(row);
  const std::u16string units = to_utf16(text), fill = to_utf16(padding);
  const auto wanted = static_cast<size_t>(length);
  if (units.size() >= wanted) return from_utf16(units.substr(0, wanted));
  std::u16string pad_units;
  while (pad_units.size() < wanted - units.size()) pad_units += fill;
  pad_units.resize(wanted - units.size());
  return from_utf16(Left ? pad_units + units : units + pad_units);
}

std::string replace(BytesView text, BytesView old, BytesView with) {
  std::string out;
  if (old.empty()) {  // Java puts it between all characters.
    for (; !text.empty(); text.remove_prefix(next_code_point(text).size)) {
      out += with;
      out += text.substr(0, next_code_point(text).size);
    }
    return out += with;
  }
  for (;;) {
    const size_t found = text.find(old);
    out += text.substr(0, found);
    if (found == BytesView::npos) return out;
    out += with;
    text.remove_prefix(found + old.size());
  }
}

std::string overlay(BytesView text, BytesView with, int64_t start, int64_t length) {
  const std::u16string units = to_utf16(text);
  const auto size = static_cast<int64_t>(units.size());
  if (start <= 0 || start > size) return std::string(text);
  std::string out = from_utf16(units.substr(0, static_cast<size_t>(start - 1))) + std::string(with);
  if (length > 0 && start + length <= size) out += from_utf16(units.substr(static_cast<size_t>(start - 1 + length)));
  return out;
}

// Apache commons' splitByWholeSeparatorPreserveAllTokens; nothing at all of an empty text.
std::optional<BytesView> split_index(BytesView text, BytesView separator, int64_t index) {
  if (index < 0 || text.empty()) return std::nullopt;
  const BytesView by = separator.empty() ? " \t\n\r\f\v" : separator;
  for (;; --index) {
    const size_t found = separator.empty() ? text.find_first_of(by) : text.find(by);
    if (index == 0) return text.substr(0, found);
    if (found == BytesView::npos) return std::nullopt;
    text.remove_prefix(found + (separator.empty() ? 1 : by.size()));
  }
}

std::optional<BytesView> split_index_by_code(BytesView text, int64_t code, int64_t index) {
  if (code < 1 || code > 255) return std::nullopt;
  std::string separator;
  append_code_point(separator, static_cast<char32_t>(code));
  return split_index(text, separator, index);
}

// Without characters to replace the text stays, without characters to replace them by they go.
std::optional<std::string> translate(std::optional<BytesView> argument, std::optional<BytesView> replaced,
                                     std::optional<BytesView> by) {
  if (!argument) return std::nullopt;
  BytesView text = *argument, from = replaced.value_or(""), to = by.value_or("");
  std::vector<std::pair<BytesView, BytesView>> pairs;
  while (!from.empty()) {
    const size_t size = next_code_point(from).size;
    const size_t to_size = to.empty() ? 0 : next_code_point(to).size;
    pairs.emplace_back(from.substr(0, size), to.substr(0, to_size));
    from.remove_prefix(size);
    to.remove_prefix(to_size);
  }
  std::string out;
  while (!text.empty()) {
    const BytesView character = text.substr(0, next_code_point(text).size);
    const auto pair = std::ranges::find(pairs, character, &std::pair<BytesView, BytesView>::first);
    out += pair == pairs.end() ? character : pair->second;
    text.remove_prefix(character.size());
  }
  return out;
}

void concat_kernel(const Expr&, std::span<const ColumnPtr> args, Selection selection, Column& out, EvalContext&) {
  const auto to = out.bytes();
  Arena& arena = out.arena();
  for (uint32_t row : selection) {
    size_t size = 0;
    for (const ColumnPtr& arg : args) size += arg->bytes()[row].size();
    char* place = arena.allocate(size);
    to[row] = {place, size};
    for (const ColumnPtr& arg : args) {
      const BytesView part = arg->bytes()[row];
      place += part.copy(place, part.size());
    }
  }
}

void concat_ws_kernel(const Expr&, std::span<const ColumnPtr> args, Selection selection, Column& out, EvalContext&) {
  std::string joined;
  for (uint32_t row : selection) {
    if (!args[0]->valid(row)) {
      out.set_null(row);
      continue;
    }
    joined.clear();
    bool first = true;
    for (const ColumnPtr& arg : args.subspan(1)) {
      if (!arg->valid(row)) continue;
      if (!first) joined += args[0]->bytes()[row];
      first = false;
      joined += arg->bytes()[row];
    }
    out.set_bytes(row, joined);
  }
}

// ELT(n, a, b, …): the n-th; NULL beyond them.
void elt_kernel(const Expr&, std::span<const ColumnPtr> args, Selection selection, Column& out, EvalContext&) {
  const auto to = out.bytes();
  for (const ColumnPtr& arg : args.subspan(1)) out.keep_alive(*arg);
  for (uint32_t row : selection) {
    const int64_t n = args[0]->valid(row) ? args[0]->ints()[row] : 0;
    const bool there = n >= 1 && n < static_cast<int64_t>(args.size()) && args[static_cast<size_t>(n)]->valid(row);
    if (there) {
      to[row] = args[static_cast<size_t>(n)]->bytes()[row];
    } else {
      out.set_null(row);
    }
  }
}

constexpr Overload kStrings[] = {
    {"||", "ss", "s", concat_kernel},
    {"||", "xx", "x", concat_kernel},
    {"CONCAT", "ss*", "s", concat_kernel},
    {"CONCAT_WS", "sss*", "s", concat_ws_kernel, kHandlesNulls},
    {"ELT", "lss*", "s", elt_kernel, kHandlesNulls},
    {"ELT", "lxx*", "x", elt_kernel, kHandlesNulls},
    {"CHAR_LENGTH", "s", "i", row_kernel<&count_code_points>},
    {"CHARACTER_LENGTH", "s", "i", row_kernel<&count_code_points>},
    {"UPPER", "s", "s", row_kernel<&to_upper>},
    {"LOWER", "s", "s", row_kernel<&to_lower>},
    {"INITCAP", "s", "s", row_kernel<&initcap>},
    {"SUBSTRING", "sl", "s", row_kernel<[](BytesView s, int64_t from) { return substring(s, from, INT32_MAX); }>},
    {"SUBSTRING", "sll", "s", row_kernel<&substring>, kNullResult},
    {"SUBSTR", "sl", "s", row_kernel<[](BytesView s, int64_t from) { return substring(s, from, INT32_MAX); }>},
    {"SUBSTR", "sll", "s", row_kernel<&substring>, kNullResult},
    {"LEFT", "sl", "s", row_kernel<&left>},
    {"RIGHT", "sl", "s", row_kernel<&right>},
    {"TRIM", "s", "s", row_kernel<[](BytesView s) { return trim_both(s, " "); }>},
    {"BTRIM", "s", "s", row_kernel<[](BytesView s) { return trim_both(s, " "); }>},
    {"BTRIM", "ss", "s", row_kernel<&trim_both>},
    {"LTRIM", "s", "s", row_kernel<[](BytesView s) { return trim_left(s, " "); }>},
    {"LTRIM", "ss", "s", row_kernel<&trim_left>},
    {"RTRIM", "s", "s", row_kernel<[](BytesView s) { return trim_right(s, " "); }>},
    {"RTRIM", "ss", "s", row_kernel<&trim_right>},
    {"LPAD", "sls", "s", row_kernel<&pad<true>>, kNullResult},
    {"RPAD", "sls", "s", row_kernel<&pad<false>>, kNullResult},
    {"REPEAT", "sl", "s", row_kernel<&repeat>},
    {"REVERSE", "s", "s", row_kernel<&reversed>},
    {"REPLACE", "sss", "s", row_kernel<&replace>},
    {"TRANSLATE", "sss", "s", row_kernel<&translate>, kHandlesNulls | kNullResult},
    {"OVERLAY", "ssl", "s",
     row_kernel<[](BytesView s, BytesView with, int64_t from) { return overlay(s, with, from, count_utf16(with)); }>},
    {"OVERLAY", "ssll", "s", row_kernel<&overlay>},
    {"POSITION", "ss", "i", row_kernel<[](BytesView needle, BytesView s) { return locate(needle, s, 1); }>},
    {"LOCATE", "ss", "i", row_kernel<[](BytesView needle, BytesView s) { return locate(needle, s, 1); }>},
    {"LOCATE", "ssl", "i", row_kernel<&locate>},
    {"INSTR", "ss", "i", row_kernel<[](BytesView s, BytesView needle) { return locate(needle, s, 1); }>},
    {"INSTR", "ssl", "i",
     row_kernel<[](Row& row, BytesView s, BytesView needle, int64_t from) { return instr(row, s, needle, from, 1); }>},
    {"INSTR", "ssll", "i", row_kernel<&instr>},
    {"STARTSWITH", "ss", "b", row_kernel<[](BytesView s, BytesView start) { return s.starts_with(start); }>},
    {"STARTSWITH", "xx", "b", row_kernel<[](BytesView s, BytesView start) { return s.starts_with(start); }>},
    {"ENDSWITH", "ss", "b", row_kernel<[](BytesView s, BytesView end) { return s.ends_with(end); }>},
    {"ENDSWITH", "xx", "b", row_kernel<[](BytesView s, BytesView end) { return s.ends_with(end); }>},
    {"SPLIT_INDEX", "ssl", "s", row_kernel<&split_index>, kNullResult},
    {"SPLIT_INDEX", "sll", "s", row_kernel<&split_index_by_code>, kNullResult},
};

}  // namespace

Family string_family() {
  return {"Text", kStrings, {}};
}

}  // namespace leat
