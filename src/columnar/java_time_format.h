#pragma once
// Java's DateTimeFormatter: its patterns (as ofPattern takes them), English names, the SMART way of resolving what was
// read. Weeks are those of the United States: they start on Sunday, and the first one has January 1st.
#include <array>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "base/types.h"

namespace leat {

// Immutable, for any thread.
class JavaTimeFormat {
 public:
  // kInvalidArgument: what Java refuses; kUnsupported: a letter that we do not have.
  static Result<JavaTimeFormat> make(BytesView pattern);

  // A local time, in microseconds since 1970-01-01 00:00:00. Nothing if the pattern asks for more than a local time
  // has, such as an offset.
  std::optional<std::string> format(int64_t local_micros) const;
  // What the text does not say is taken from 1970-01-01 00:00:00; an offset is read and means nothing.
  std::optional<int64_t> parse(BytesView text) const;

  enum Field : uint8_t {
    kEra,
    kYear,
    kYearOfEra,
    kQuarter,
    kMonth,
    kDay,
    kDayOfYear,
    kAlignedDay,  // Of the weeks that start with the month.
    kDayOfWeek,   // From 1, Monday.
    kWeekDay,     // From 1, Sunday.
    kWeekYear,
    kWeekOfYear,
    kWeekOfMonth,
    kHalfDay,
    kHour,
    kClockHour,
    kHalfDayHour,
    kHalfDayClockHour,
    kMinute,
    kSecond,
    kNano,
    kMilliOfDay,
    kNanoOfDay,
    kFields,
  };
  using Values = std::array<std::optional<int64_t>, kFields>;

 private:
  enum class Kind : uint8_t { kLiteral, kNumber, kYearOfCentury, kFraction, kName, kOffset, kOptional };
  enum class Sign : uint8_t { kNormal, kNotNegative, kExceedsPad };
  struct Item {
    Kind kind;
    Field field = kEra;
    Sign sign = Sign::kNormal;
    int min_width = 1, max_width = 19;
    int width_after = 0;  // Digits of the numbers that follow without a gap; -1: as many digits as it is wide.
    int style = 0;        // kName: the number of letters, 3 to 5. kOffset: the letter's count.
    char letter = 0;
    std::string literal = {};
    std::vector<Item> optional = {};
  };
  class Builder;
  class Parser;

  static bool format_items(const std::vector<Item>&, const Values&, std::string& out);
  static bool format_item(const Item&, const Values&, std::string& out);

  std::vector<Item> items_;
};

}  // namespace leat
