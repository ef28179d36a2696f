#include "columnar/functions/time_unit.h"

namespace leat {
namespace {

constexpr std::array<std::string_view, kTimeUnits> kNames{
    "MILLENNIUM", "CENTURY",     "DECADE",      "YEAR",       "QUARTER", "MONTH", "WEEK", "DAY",    "HOUR",   "MINUTE",
    "SECOND",     "MILLISECOND", "MICROSECOND", "NANOSECOND", "EPOCH",   "DOW",   "DOY",  "ISODOW", "ISOYEAR"};

}  // namespace

std::string_view name_of(TimeUnit unit) {
  return kNames[static_cast<size_t>(unit)];
}

std::optional<TimeUnit> time_unit_of(const Expr& expr) {
  const auto* name = std::get_if<std::string>(&expr.literal.data);
  if (expr.kind != Expr::Kind::kLiteral || name == nullptr) return std::nullopt;
  for (size_t i = 0; i < kTimeUnits; ++i) {
    if (*name == kNames[i]) return static_cast<TimeUnit>(i);
  }
  return std::nullopt;
}

Error no_such_unit(std::string_view function, TimeUnit unit, const DataType& type) {
  return {Errc::kInvalidArgument, std::string(function) + ": " + type.with_nullable(true).to_string() +
                                      " has no unit " + std::string(name_of(unit))};
}

}  // namespace leat
