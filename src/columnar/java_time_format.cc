#include "columnar/java_time_format.h"

#include "columnar/civil.h"
#include "columnar/java_names.h"
#include "columnar/java_time_resolve.h"

namespace leat {

// Follows DateTimeFormatterBuilder.appendPattern.
class JavaTimeFormat::Builder {
 public:
  explicit Builder(BytesView pattern) : rest_(pattern) {}

  Result<std::vector<Item>> items(int depth = 0) {
    std::vector<Item> out;
    size_t number = kNone;  // The number that later ones may follow without a gap.
    while (!rest_.empty()) {
      const char c = rest_[0];
      if (c == ']') {
        if (depth == 0) return invalid("']' without '['");
        return out;
      }
      if (c == '[') {
        if (depth == kDepthMax) return invalid("too many '['");
        rest_.remove_prefix(1);
        Item item{Kind::kOptional};
        TRY_ASSIGN(item.optional, items(depth + 1));
        if (!rest_.empty()) rest_.remove_prefix(1);  // An optional part may be left open at the end.
        out.push_back(std::move(item));
        number = kNone;
      } else if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z')) {
        TRY_ASSIGN(Item item, letters());
        append(out, std::move(item), number);
      } else if (c == '{' || c == '}' || c == '#') {
        return invalid(std::string("'") + c + "' is reserved");
      } else {
        TRY_ASSIGN(std::string literal, text());
        if (!literal.empty()) out.push_back({.kind = Kind::kLiteral, .literal = std::move(literal)});
        number = kNone;
      }
    }
    return out;
  }

 private:
  static constexpr size_t kNone = SIZE_MAX;
  static constexpr int kDepthMax = 50;

  static Error invalid(const std::string& what) { return {Errc::kInvalidArgument, "invalid date pattern: " + what}; }

  // A number that is followed by others of a fixed width leaves them their digits.
  static void append(std::vector<Item>& out, Item item, size_t& number) {
    const bool numeric =
        item.kind == Kind::kNumber || item.kind == Kind::kYearOfCentury || item.kind == Kind::kFraction;
    if (!numeric) {
      number = kNone;
    } else if (number == kNone) {
      number = out.size();
    } else if (item.min_width == item.max_width && item.sign == Sign::kNotNegative) {
      out[number].width_after += item.max_width;
      item.width_after = -1;
    } else {
      if (out[number].width_after == 0) out[number].width_after = -1;
      number = out.size();
    }
    out.push_back(std::move(item));
  }

  // A quoted text, or one character that is no letter.
  Result<std::string> text() {
    std::string out;
    if (rest_[0] != '\'') {
      out = rest_[0];
      rest_.remove_prefix(1);
      return out;
    }
    const size_t whole = rest_.size();
    rest_.remove_prefix(1);
    for (;;) {
      if (rest_.empty()) return invalid("a quote is not closed");
      const char c = rest_[0];
      rest_.remove_prefix(1);
      if (c != '\'') {
        out += c;
      } else if (!rest_.empty() && rest_[0] == '\'') {
        out += c;
        rest_.remove_prefix(1);
      } else {
        if (out.empty() && whole - rest_.size() == 2) out = "'";
        return out;
      }
    }
  }

  Result<Item> letters() {
    const char letter = rest_[0];
    int count = 0;
    while (!rest_.empty() && rest_[0] == letter) {
      ++count;
      rest_.remove_prefix(1);
    }
    const auto item = item_of(letter, count);
    if (item) return *item;
    constexpr std::string_view kJavaHasMore = "BgFWzOVvp";
    if (kJavaHasMore.find(letter) != std::string_view::npos) {
      return Error{Errc::kUnsupported, std::string("the letter '") + letter + "' in a date pattern"};
    }
    constexpr std::string_view kKnown = "GuyDMLQqYwEecadhHkKmsSAnNXxZ";
    if (kKnown.find(letter) != std::string_view::npos) return invalid(std::string("too many letters '") + letter + "'");
    return invalid(std::string("unknown letter '") + letter + "'");
  }

  static Item wide(Field field, int count, Sign sign) {
    return {.kind = Kind::kNumber, .field = field, .sign = sign, .min_width = count, .max_width = 19};
  }
  static std::optional<Item> up_to_two(Field field, int count) {
    if (count > 2) return std::nullopt;
    if (count == 1) return wide(field, 1, Sign::kNormal);
    return Item{.kind = Kind::kNumber, .field = field, .sign = Sign::kNotNegative, .min_width = 2, .max_width = 2};
  }
  static std::optional<Item> year(Field field, int count) {
    if (count > 19) return std::nullopt;
    if (count == 2) {
      return Item{
          .kind = Kind::kYearOfCentury, .field = field, .sign = Sign::kNotNegative, .min_width = 2, .max_width = 2};
    }
    return wide(field, count, count < 4 ? Sign::kNormal : Sign::kExceedsPad);
  }
  static std::optional<Item> name(Field field, char letter, int count) {
    if (count > 5) return std::nullopt;
    return Item{.kind = Kind::kName, .field = field, .style = count, .letter = letter};
  }

  static std::optional<Item> item_of(char letter, int count) {
    switch (letter) {
      case 'u':
        return year(kYear, count);
      case 'y':
        return year(kYearOfEra, count);
      case 'Y':
        return year(kWeekYear, count);
      case 'G':
        return name(kEra, letter, std::max(count, 3));
      case 'M':
      case 'L':
        return count < 3 ? up_to_two(kMonth, count) : name(kMonth, letter, count);
      case 'Q':
      case 'q':
        return count < 3 ? up_to_two(kQuarter, count) : name(kQuarter, letter, count);
      case 'w':
        return up_to_two(kWeekOfYear, count);
      case 'E':
        return name(kDayOfWeek, letter, std::max(count, 3));
      case 'e':
      case 'c':
        if (letter == 'c' && count == 2) return std::nullopt;
        return count < 3 ? up_to_two(kWeekDay, count) : name(kDayOfWeek, letter, count);
      case 'a':
        return count == 1 ? name(kHalfDay, letter, 3) : std::nullopt;
      case 'D':
        if (count > 3) return std::nullopt;
        if (count == 1) return wide(kDayOfYear, 1, Sign::kNormal);
        return Item{
            .kind = Kind::kNumber, .field = kDayOfYear, .sign = Sign::kNotNegative, .min_width = count, .max_width = 3};
      case 'd':
        return up_to_two(kDay, count);
      case 'H':
        return up_to_two(kHour, count);
      case 'k':
        return up_to_two(kClockHour, count);
      case 'K':
        return up_to_two(kHalfDayHour, count);
      case 'h':
        return up_to_two(kHalfDayClockHour, count);
      case 'm':
        return up_to_two(kMinute, count);
      case 's':
        return up_to_two(kSecond, count);
      case 'S':
        if (count > 9) return std::nullopt;
        return Item{.kind = Kind::kFraction,
                    .field = kNano,
                    .sign = Sign::kNotNegative,
                    .min_width = count,
                    .max_width = count};
      case 'A':
        return count > 19 ? std::nullopt : std::optional(wide(kMilliOfDay, count, Sign::kNotNegative));
      case 'n':
        return count > 19 ? std::nullopt : std::optional(wide(kNano, count, Sign::kNotNegative));
      case 'N':
        return count > 19 ? std::nullopt : std::optional(wide(kNanoOfDay, count, Sign::kNotNegative));
      case 'X':
      case 'x':
      case 'Z':
        if (count > 5 || (letter == 'Z' && count == 4)) return std::nullopt;
        return Item{.kind = Kind::kOffset, .style = count, .letter = letter};
      default:
        return std::nullopt;
    }
  }

  BytesView rest_;
};

Result<JavaTimeFormat> JavaTimeFormat::make(BytesView pattern) {
  Builder builder(pattern);
  JavaTimeFormat out;
  TRY_ASSIGN(out.items_, builder.items());
  return out;
}

namespace {

// Year-of-century aside, as NumberPrinterParser prints.
bool append_number(std::string& out, int64_t value, int min_width, int max_width, bool signed_if_wide) {
  const std::string digits = std::to_string(value < 0 ? -value : value);
  if (static_cast<int>(digits.size()) > max_width) return false;
  if (value < 0) {
    out += '-';
  } else if (signed_if_wide && static_cast<int>(digits.size()) > min_width) {
    out += '+';
  }
  if (static_cast<int>(digits.size()) < min_width) out.append(static_cast<size_t>(min_width) - digits.size(), '0');
  out += digits;
  return true;
}

void append_ordinal_quarter(std::string& out, int64_t quarter) {
  constexpr std::string_view kOrdinals[] = {"1st", "2nd", "3rd", "4th"};
  out += kOrdinals[quarter - 1];
  out += " quarter";
}

void append_name(std::string& out, JavaTimeFormat::Field field, int64_t value, int style) {
  std::string_view whole;
  switch (field) {
    case JavaTimeFormat::kEra:
      whole = style == 4 ? (value == 0 ? "Before Christ" : "Anno Domini") : (value == 0 ? "BC" : "AD");
      out += style == 5 ? whole.substr(0, 1) : whole;
      return;
    case JavaTimeFormat::kQuarter:
      if (style == 4) return append_ordinal_quarter(out, value);
      out += (style == 5 ? "" : "Q") + std::to_string(value);
      return;
    case JavaTimeFormat::kHalfDay:
      out += kHalfDayNames[static_cast<size_t>(value)];
      return;
    case JavaTimeFormat::kMonth:
      whole = kMonthNames[static_cast<size_t>(value - 1)];
      break;
    default:
      whole = kDayNames[static_cast<size_t>(value % 7)];
      break;
  }
  out += style == 4 ? whole : whole.substr(0, style == 5 ? 1 : kShortNameLength);
}

}  // namespace

bool JavaTimeFormat::format_item(const Item& item, const Values& values, std::string& out) {
  const int64_t value = values[item.field].value_or(0);
  switch (item.kind) {
    case Kind::kLiteral:
      out += item.literal;
      return true;
    case Kind::kNumber:
      return append_number(out, value, item.min_width, item.max_width, item.sign == Sign::kExceedsPad);
    case Kind::kYearOfCentury:
      return append_number(out, (value < 0 ? -value : value) % 100, 2, 2, false);
    case Kind::kFraction: {
      std::string digits;
      append_number(digits, value, 9, 9, false);
      out += digits.substr(0, static_cast<size_t>(item.max_width));
      return true;
    }
    case Kind::kName:
      append_name(out, item.field, value, item.style);
      return true;
    case Kind::kOffset:
      return false;
    case Kind::kOptional: {
      const size_t before = out.size();
      if (!format_items(item.optional, values, out)) out.resize(before);
      return true;
    }
  }
  return false;
}

bool JavaTimeFormat::format_items(const std::vector<Item>& items, const Values& values, std::string& out) {
  for (const Item& item : items) {
    if (!format_item(item, values, out)) return false;
  }
  return true;
}

std::optional<std::string> JavaTimeFormat::format(int64_t local_micros) const {
  std::string out;
  if (!format_items(items_, java_time_values(local_micros), out)) return std::nullopt;
  return out;
}

// Reads items at a position, and what they say into values that may not contradict each other.
class JavaTimeFormat::Parser {
 public:
  explicit Parser(BytesView text) : text_(text) {}

  bool items(const std::vector<Item>& items) {
    for (const Item& item : items) {
      if (!one(item)) return false;
    }
    return true;
  }
  bool at_end() const { return at_ == text_.size(); }
  const Values& values() const { return values_; }

 private:
  bool one(const Item& item) {
    switch (item.kind) {
      case Kind::kLiteral:
        if (!text_.substr(at_).starts_with(item.literal)) return false;
        at_ += item.literal.size();
        return true;
      case Kind::kNumber:
      case Kind::kYearOfCentury:
        return number(item);
      case Kind::kFraction:
        return fraction(item);
      case Kind::kName:
        return name(item);
      case Kind::kOffset:
        return offset(item);
      case Kind::kOptional: {
        const size_t at = at_;
        const Values values = values_;
        if (!items(item.optional)) {
          at_ = at;
          values_ = values;
        }
        return true;
      }
    }
    return false;
  }

  bool set(Field field, int64_t value) {
    if (values_[field] && *values_[field] != value) return false;
    values_[field] = value;
    return true;
  }
  size_t digits_at(size_t at, size_t most) const {
    size_t count = 0;
    while (count < most && at + count < text_.size() && text_[at + count] >= '0' && text_[at + count] <= '9') ++count;
    return count;
  }
  int64_t value_of(size_t at, size_t count) const {
    int64_t value = 0;
    for (size_t i = 0; i < count; ++i) value = value * 10 + (text_[at + i] - '0');
    return value;
  }

  bool number(const Item& item) {
    bool negative = false, positive = false;
    if (at_ < text_.size() && (text_[at_] == '-' || text_[at_] == '+')) {
      negative = text_[at_] == '-';
      positive = !negative;
      if (item.sign == Sign::kNotNegative || (positive && item.sign == Sign::kNormal)) return false;
      ++at_;
    }
    const bool fixed = item.width_after == -1;
    const auto min_width = static_cast<size_t>(item.min_width);
    const size_t most = static_cast<size_t>(item.max_width) + static_cast<size_t>(std::max(item.width_after, 0));
    size_t count = digits_at(at_, std::min<size_t>(most, 40));
    if (!fixed && item.width_after > 0) {
      // Leave the digits of the numbers that follow.
      const auto after = static_cast<size_t>(item.width_after);
      count = std::min(std::max(min_width, count > after ? count - after : 0), count);
    }
    if (count < min_width || count > 18) return false;
    int64_t value = value_of(at_, count);
    if (negative && value == 0) return false;
    if (item.sign == Sign::kExceedsPad && !negative && positive != (count > min_width)) return false;
    at_ += count;
    if (item.kind == Kind::kYearOfCentury) value += 2000;
    return set(item.field, negative ? -value : value);
  }

  bool fraction(const Item& item) {
    const auto width = static_cast<size_t>(item.max_width);
    if (digits_at(at_, width) < width) return false;
    int64_t nanos = value_of(at_, width);
    for (size_t i = width; i < 9; ++i) nanos *= 10;
    at_ += width;
    return set(kNano, nanos);
  }

  // The longest of a field's names that stands here, in its own case.
  bool name(const Item& item) {
    const auto count = item.field == kMonth ? 12 : item.field == kDayOfWeek ? 7 : item.field == kQuarter ? 4 : 2;
    const int first = item.field == kEra || item.field == kHalfDay ? 0 : 1;
    size_t longest = 0;
    int64_t value = 0;
    for (int i = first; i < first + count; ++i) {
      std::string candidate;
      append_name(candidate, item.field, i, item.style);
      if (candidate.size() > longest && text_.substr(at_).starts_with(candidate)) {
        longest = candidate.size();
        value = i;
      }
    }
    if (longest == 0 || item.style == 5) return false;  // Java cannot tell one narrow name from another either.
    at_ += longest;
    return set(item.field, value);
  }

  bool two_digits(int most) {
    if (digits_at(at_, 2) < 2 || value_of(at_, 2) > most) return false;
    at_ += 2;
    return true;
  }
  // ±HH[mm], ±HHmm, ±HH:mm, with seconds from the fourth letter on; 'X' also "Z".
  bool offset(const Item& item) {
    if (item.letter == 'X' && at_ < text_.size() && text_[at_] == 'Z') return ++at_, true;
    if (at_ >= text_.size() || (text_[at_] != '+' && text_[at_] != '-')) return false;
    ++at_;
    const bool colon = item.letter == 'Z' ? item.style == 5 : item.style == 3 || item.style == 5;
    if (!two_digits(18)) return false;
    if (item.letter != 'Z' && item.style == 1) {
      two_digits(59);
      return true;
    }
    if (!separator(colon) || !two_digits(59)) return false;
    if ((item.letter == 'Z' ? item.style == 5 : item.style >= 4)) {
      const size_t before = at_;
      if (!separator(colon) || !two_digits(59)) at_ = before;
    }
    return true;
  }
  bool separator(bool colon) {
    if (!colon) return true;
    if (at_ >= text_.size() || text_[at_] != ':') return false;
    return ++at_, true;
  }

  BytesView text_;
  size_t at_ = 0;
  Values values_;
};

std::optional<int64_t> JavaTimeFormat::parse(BytesView text) const {
  Parser parser(text);
  if (!parser.items(items_) || !parser.at_end()) return std::nullopt;
  return java_time_resolve(parser.values());
}

}  // namespace leat
