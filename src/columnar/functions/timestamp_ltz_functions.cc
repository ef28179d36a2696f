// TO_TIMESTAMP_LTZ: moments from numbers since 1970, and from local times in a zone.
#include <cmath>

#include "columnar/civil.h"
#include "columnar/decimal.h"
#include "columnar/functions/date_pattern.h"
#include "columnar/java_time_format.h"
#include "columnar/number_text.h"
#include "columnar/time_text.h"
#include "columnar/time_zone.h"

namespace leat {
namespace {

// The years 0000 to 9999; what is beyond is NULL.
constexpr int64_t kMillisMin = -62'167'219'200'000, kLtzMillisMax = 253'402'300'799'999;

std::optional<int64_t> moment(Int128 number, int precision) {
  const Int128 micros = number * power_of_ten(6 - precision);
  if (micros < Int128{kMillisMin} * 1000 || micros > Int128{kLtzMillisMax} * 1000 + 999) return std::nullopt;
  return static_cast<int64_t>(micros);
}

template <int P>
std::optional<int64_t> from_integer(int64_t number) {
  return moment(number, P);
}

// A fraction of a second counts, to the millisecond; other fractions do not.
template <int P>
std::optional<int64_t> from_double(double number) {
  const double millis = P <= 3 ? number * std::pow(10.0, 3 - P) : number;
  if (!(std::fabs(millis) < 1e18)) return std::nullopt;
  return moment(static_cast<int64_t>(millis), P <= 3 ? 3 : P);
}

// A decimal's fraction is dropped, that of a second as well.
template <int P>
std::optional<int64_t> from_decimal(Row& row, Int128 number) {
  const auto whole = rescale(number / power_of_ten(row.argument(0).scale), 0, 0, 18);
  if (!whole) return std::nullopt;
  return moment(*whole, P);
}

template <int P>
Kernel kernel_for(Physical physical) {
  if (physical == Physical::kInt64) return row_kernel<&from_integer<P>>;
  if (physical == Physical::kDouble) return row_kernel<&from_double<P>>;
  return row_kernel<&from_decimal<P>>;
}

Kernel kernel_for(Physical physical, int64_t precision) {
  switch (precision) {
    case 0:
      return kernel_for<0>(physical);
    case 1:
      return kernel_for<1>(physical);
    case 2:
      return kernel_for<2>(physical);
    case 3:
      return kernel_for<3>(physical);
    case 4:
      return kernel_for<4>(physical);
    case 5:
      return kernel_for<5>(physical);
    case 6:
      return kernel_for<6>(physical);
    default:
      return nullptr;
  }
}

constexpr std::string_view kLtzUsage =
    "TO_TIMESTAMP_LTZ(NUMERIC[, precision]), TO_TIMESTAMP_LTZ(STRING[, STRING[, STRING]])";

Result<ExprPtr> from_number(std::string_view name, std::vector<ExprPtr> args) {
  int64_t precision = 3;
  if (args.size() == 2) {
    const ExprPtr literal = fold_constants(args[1]);
    if (!is_literal(*literal) || !literal->type.is_integer()) {
      return Error{Errc::kUnsupported, std::string(name) + " with a precision that is not a literal"};
    }
    precision = *std::get_if<int64_t>(&literal->literal.data);
  }
  if (precision > 6 && precision <= 9) {
    return Error{Errc::kUnsupported, std::string(name) + " with a precision above 6 (microseconds)"};
  }
  Function function;
  function.name = std::string(name);
  function.kernel = kernel_for(args[0]->type.physical(), precision);
  if (function.kernel == nullptr) {
    return Error{Errc::kInvalidArgument, std::string(name) + ": a precision is from 0 to 9"};
  }
  args.resize(1);
  auto type = DataType::timestamp_ltz(std::max(3, static_cast<int32_t>(precision)));
  return make_function_call(std::move(function), std::move(args), std::move(type));
}

std::optional<int64_t> in_zone(Row& row, std::optional<int64_t> local, BytesView zone_name) {
  if (!local) return std::nullopt;
  const auto zone = find_time_zone(zone_name, row.settings().zones.get());
  if (zone == nullptr) {
    return row.fail("time.zone.unknown", "TO_TIMESTAMP_LTZ: there is no time zone '" + std::string(zone_name) + "'");
  }
  return cut_to_precision(zone->local_to_utc_micros(*local), 3);
}

std::optional<int64_t> parse_by(Row& row, BytesView text, BytesView pattern, BytesView zone) {
  const auto& format = date_pattern<JavaTimeFormat>(row, pattern);
  if (!format) return row.fail("date.pattern.invalid", "TO_TIMESTAMP_LTZ: " + format.error().message);
  auto micros = format->parse(text);
  if (!micros) micros = jdbc_timestamp_from_text(trimmed(text));
  return in_zone(row, micros, zone);
}

// Without a pattern a text that is no time is an error, and not NULL.
std::optional<int64_t> parse_default(Row& row, BytesView text) {
  const auto micros = timestamp_from_text(text);
  if (micros) return cut_to_precision(*micros, 3);
  return row.fail("time.invalid", "TO_TIMESTAMP_LTZ: '" + std::string(text.substr(0, 200)) + "' is no time");
}

constexpr Overload kFromText[] = {
    {"TO_TIMESTAMP_LTZ", "s", "z", row_kernel<&parse_default>, kNullResult},
    {"TO_TIMESTAMP_LTZ", "ss", "z",
     row_kernel<[](Row& row, BytesView text, BytesView pattern) { return parse_by(row, text, pattern, "UTC"); }>,
     kNullResult},
    {"TO_TIMESTAMP_LTZ", "sss", "z", row_kernel<&parse_by>, kNullResult | kZoned},
};

Result<ExprPtr> make_to_timestamp_ltz(std::string_view name, std::vector<ExprPtr> args) {
  if (!args.empty() && args.size() <= 2 && args[0]->type.is_numeric()) return from_number(name, std::move(args));
  if (args.empty() || !args[0]->type.is_text()) return no_overload(name, args, kLtzUsage);
  TRY_ASSIGN(ExprPtr call, make_overloaded(name, kFromText, std::move(args)));
  return with_prepared_pattern<JavaTimeFormat>(call, 1, true);
}

constexpr Special kTimestampLtzSpecials[] = {{"TO_TIMESTAMP_LTZ", make_to_timestamp_ltz, kLtzUsage}};

}  // namespace

Family timestamp_ltz_family() {
  return {"Moments", {}, kTimestampLtzSpecials};
}

}  // namespace leat
