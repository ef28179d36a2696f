#pragma once
// Java's SimpleDateFormat: the older pattern language of dates, in English. It reads leniently (the 32nd of January is
// the 1st of February, what follows the pattern is ignored) and reckons in the Julian calendar before 1582-10-15.
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "base/types.h"

namespace leat {

class TimeZone;

// Immutable, for any thread.
class SimpleDateFormat {
 public:
  // kInvalidArgument: what Java refuses; kUnsupported: names of zones.
  static Result<SimpleDateFormat> make(BytesView pattern);

  // Milliseconds since 1970-01-01 00:00:00 UTC.
  std::string format(int64_t utc_millis, const TimeZone&) const;
  // `now_year` decides the century of a year of two digits: from 80 years ago to 19 ahead.
  std::optional<int64_t> parse(BytesView text, const TimeZone&, int64_t now_year) const;

 private:
  struct Item {
    char letter;  // 0: the literal.
    int count;
    std::string literal;
  };
  struct Fields;
  class Reader;

  std::vector<Item> items_;
};

}  // namespace leat
