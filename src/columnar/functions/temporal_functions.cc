// Dates and times from text and numbers, and as text. Patterns are Java's: DateTimeFormatter's where a TIMESTAMP is
// made or printed, SimpleDateFormat's where Flink goes through java.util.Date.
#include <cmath>

#include "columnar/civil.h"
#include "columnar/decimal.h"
#include "columnar/functions/date_pattern.h"
#include "columnar/java_simple_date_format.h"
#include "columnar/java_time_format.h"
#include "columnar/number_text.h"
#include "columnar/session_zone.h"
#include "columnar/time_text.h"
#include "columnar/time_zone.h"

namespace leat {
namespace {

constexpr std::string_view kDefaultPattern = "yyyy-MM-dd HH:mm:ss";

std::nullopt_t bad_pattern(Row& row, const Error& error) {
  return row.fail("date.pattern.invalid", row.call.function->name + ": " + error.message);
}

const SimpleDateFormat& default_format() {
  static const Result<SimpleDateFormat> format = SimpleDateFormat::make(kDefaultPattern);
  return *format;
}

const TimeZone& utc() {
  static const auto zone = TimeZone::fixed(0);
  return *zone;
}

int64_t now_year(const Row& row) {
  constexpr int64_t kWithoutClock = 2026;
  if (!row.settings().wall_micros) return kWithoutClock;
  return civil_from_days(floor_div(row.settings().wall_micros(), kMicrosPerDay)).year;
}

// --- Printing

std::optional<std::string> format_timestamp(Row& row, int64_t micros, BytesView pattern) {
  const auto& format = date_pattern<JavaTimeFormat>(row, pattern);
  if (!format) return bad_pattern(row, format.error());
  auto text = format->format(micros);
  if (!text) {
    return row.fail("date.pattern.invalid", row.call.function->name + ": '" + std::string(pattern) +
                                                "' asks for what a TIMESTAMP does not have, or for too few digits");
  }
  return text;
}

std::optional<std::string> format_text(Row& row, BytesView text, BytesView pattern) {
  const auto& format = date_pattern<SimpleDateFormat>(row, pattern);
  if (!format) return bad_pattern(row, format.error());
  const auto millis = default_format().parse(text, utc(), now_year(row));
  if (!millis) return std::nullopt;
  return format->format(*millis, utc());
}

// Seconds so large that milliseconds do not hold them wrap, as in Java.
int64_t millis_of_seconds(int64_t seconds) {
  return static_cast<int64_t>(static_cast<uint64_t>(seconds) * 1000);
}

// The year 290 million of a wrapped number would be beyond what microseconds hold.
constexpr int64_t kMillisMax = INT64_MAX / 1000 - kMicrosPerDay;

std::optional<std::string> format_seconds(Row& row, const SimpleDateFormat& format, int64_t seconds) {
  const int64_t millis = millis_of_seconds(seconds);
  if (millis > kMillisMax || millis < -kMillisMax) {
    return row.fail("time.out.of.range", "FROM_UNIXTIME: " + std::to_string(seconds) + " is out of range");
  }
  return format.format(millis, *session_zone(row.settings()));
}

std::optional<std::string> from_unixtime(Row& row, int64_t seconds) {
  return format_seconds(row, default_format(), seconds);
}

std::optional<std::string> from_unixtime_as(Row& row, int64_t seconds, BytesView pattern) {
  const auto& format = date_pattern<SimpleDateFormat>(row, pattern);
  if (!format) return bad_pattern(row, format.error());
  return format_seconds(row, *format, seconds);
}

// --- Reading

std::optional<int64_t> parse_default(BytesView text) {
  const auto micros = timestamp_from_text(text);
  if (!micros) return std::nullopt;
  return cut_to_precision(*micros, 3);
}

// By the pattern, or else in JDBC's form whatever the pattern is, as Flink has it.
std::optional<int64_t> parse_by(Row& row, BytesView text, BytesView pattern) {
  const auto& format = date_pattern<JavaTimeFormat>(row, pattern);
  if (!format) {
    if (format.error().code == Errc::kUnsupported) return bad_pattern(row, format.error());
    return std::nullopt;
  }
  auto micros = format->parse(text);
  if (!micros) micros = jdbc_timestamp_from_text(trimmed(text));
  if (!micros) return std::nullopt;
  return cut_to_precision(*micros, 3);
}

std::optional<int64_t> to_date(BytesView text) {
  return date_from_text(text);
}

std::optional<int64_t> to_date_by(Row& row, BytesView text, BytesView pattern) {
  const auto& format = date_pattern<SimpleDateFormat>(row, pattern);
  if (!format) return bad_pattern(row, format.error());
  const auto millis = format->parse(text, utc(), now_year(row));
  if (!millis) return std::nullopt;
  return floor_div(*millis, kMicrosPerDay / kMicrosPerMilli);
}

int64_t unix_seconds(const std::optional<int64_t>& millis) {
  return millis ? *millis / 1000 : INT64_MIN;
}

int64_t unix_timestamp(Row& row, BytesView text) {
  return unix_seconds(default_format().parse(text, *session_zone(row.settings()), now_year(row)));
}

std::optional<int64_t> unix_timestamp_by(Row& row, BytesView text, BytesView pattern) {
  const auto& format = date_pattern<SimpleDateFormat>(row, pattern);
  if (!format) return bad_pattern(row, format.error());
  return unix_seconds(format->parse(text, *session_zone(row.settings()), now_year(row)));
}

std::optional<std::string> convert_tz(Row& row, BytesView text, BytesView from, BytesView to) {
  const TimeZones* zones = row.settings().zones.get();
  const auto millis = default_format().parse(text, *java_time_zone(from, zones), now_year(row));
  if (!millis) return std::nullopt;
  return default_format().format(*millis, *java_time_zone(to, zones));
}

// --- Specials: what has a pattern to prepare, or more than an Overload can say.

constexpr Overload kDateFormat[] = {
    {"DATE_FORMAT", "ts", "s", row_kernel<&format_timestamp>, kNullResult},
    {"DATE_FORMAT", "ss", "s", row_kernel<&format_text>, kNullResult},
};

Result<ExprPtr> make_date_format(std::string_view name, std::vector<ExprPtr> args) {
  if (!args.empty() && args[0]->type.kind == TypeKind::kTimestampLtz) {
    args[0] = Expr::make_cast(args[0], DataType::timestamp(args[0]->type.precision));
  }
  const bool is_text = !args.empty() && args[0]->type.is_text();
  TRY_ASSIGN(ExprPtr call, make_overloaded(name, kDateFormat, std::move(args)));
  if (is_text) return with_prepared_pattern<SimpleDateFormat>(call, 1, true);
  return with_prepared_pattern<JavaTimeFormat>(call, 1, true);
}

constexpr Overload kToTimestamp[] = {
    {"TO_TIMESTAMP", "s", "t", row_kernel<&parse_default>, kNullResult},
    {"TO_TIMESTAMP", "ss", "t", row_kernel<&parse_by>, kNullResult},
};

Result<ExprPtr> make_to_timestamp(std::string_view name, std::vector<ExprPtr> args) {
  TRY_ASSIGN(ExprPtr call, make_overloaded(name, kToTimestamp, std::move(args)));
  return with_prepared_pattern<JavaTimeFormat>(call, 1, false);
}

// Not folded before the clock is known: it decides the century of a year of two digits.
constexpr Overload kToDate[] = {
    {"TO_DATE", "s", "D", row_kernel<&to_date>, kNullResult},
    {"TO_DATE", "ss", "D", row_kernel<&to_date_by>, kNullResult | kZoned},
};
constexpr Overload kUnixTimestamp[] = {
    {"UNIX_TIMESTAMP", "", "l", row_kernel<[](Row& row) { return row.settings().wall_micros() / kMicrosPerSecond; }>,
     kVolatile},
    {"UNIX_TIMESTAMP", "s", "l", row_kernel<&unix_timestamp>, kZoned},
    {"UNIX_TIMESTAMP", "ss", "l", row_kernel<&unix_timestamp_by>, kZoned},
};
constexpr Overload kFromUnixtime[] = {
    {"FROM_UNIXTIME", "l", "s", row_kernel<&from_unixtime>, kNullResult | kZoned},
    {"FROM_UNIXTIME", "ls", "s", row_kernel<&from_unixtime_as>, kNullResult | kZoned},
};

template <const auto& Overloads>
Result<ExprPtr> make_simple(std::string_view name, std::vector<ExprPtr> args) {
  TRY_ASSIGN(ExprPtr call, make_overloaded(name, Overloads, std::move(args)));
  return with_prepared_pattern<SimpleDateFormat>(call, 1, true);
}

constexpr Overload kTemporal[] = {
    {"CONVERT_TZ", "sss", "s", row_kernel<&convert_tz>, kNullResult | kZoned},
};

constexpr Special kTemporalSpecials[] = {
    {"DATE_FORMAT", make_date_format, "DATE_FORMAT(TIMESTAMP|STRING, STRING)"},
    {"TO_TIMESTAMP", make_to_timestamp, "TO_TIMESTAMP(STRING[, STRING])"},
    {"TO_DATE", make_simple<kToDate>, "TO_DATE(STRING[, STRING])"},
    {"UNIX_TIMESTAMP", make_simple<kUnixTimestamp>, "UNIX_TIMESTAMP([STRING[, STRING]])"},
    {"FROM_UNIXTIME", make_simple<kFromUnixtime>, "FROM_UNIXTIME(INTEGER[, STRING])"},
};

}  // namespace

Family temporal_family() {
  return {"Dates and times", kTemporal, kTemporalSpecials};
}

}  // namespace leat
