#pragma once
// The units of EXTRACT, FLOOR … TO, TIMESTAMPADD and TIMESTAMPDIFF, which travel as STRING literals in args[0].
#include <array>
#include <optional>
#include <string_view>

#include "columnar/registry.h"

namespace leat {

enum class TimeUnit : uint8_t {
  kMillennium,
  kCentury,
  kDecade,
  kYear,
  kQuarter,
  kMonth,
  kWeek,
  kDay,
  kHour,
  kMinute,
  kSecond,
  kMillisecond,
  kMicrosecond,
  kNanosecond,
  kEpoch,
  kDow,
  kDoy,
  kIsoDow,
  kIsoYear,
};
inline constexpr size_t kTimeUnits = 19;

std::string_view name_of(TimeUnit);
// The unit that a literal names.
std::optional<TimeUnit> time_unit_of(const Expr&);
// "EXTRACT: DATE has no unit HOUR".
Error no_such_unit(std::string_view function, TimeUnit, const DataType&);

// kTable<F>[unit] is F<unit>, so that a unit is chosen once and not for every row.
template <template <TimeUnit> class F, class Indices = std::make_index_sequence<kTimeUnits>>
struct UnitTable;
template <template <TimeUnit> class F, size_t... I>
struct UnitTable<F, std::index_sequence<I...>> {
  static constexpr std::array<Kernel, kTimeUnits> kKernels{F<static_cast<TimeUnit>(I)>::kernel...};
  static Kernel at(TimeUnit unit) { return kKernels[static_cast<size_t>(unit)]; }
};

}  // namespace leat
