// What time it is. A stream asks for every row.
#include "columnar/civil.h"
#include "columnar/kernel.h"
#include "columnar/registry.h"
#include "columnar/session_zone.h"
#include "columnar/time_text.h"

namespace leat {
namespace {

int64_t now(const Row& row) {
  return row.settings().wall_micros();
}

int64_t local_now(const Row& row) {
  return session_zone(row.settings())->utc_to_local_micros(now(row));
}

constexpr uint8_t kClock = kVolatile | kZoned;

int64_t today(Row& row) {
  return floor_div(local_now(row), kMicrosPerDay);
}
int64_t time_of_day(Row& row) {
  return cut_to_precision(floor_mod(local_now(row), kMicrosPerDay), 0);
}
int64_t timestamp(Row& row) {
  return cut_to_precision(local_now(row), 3);
}
int64_t moment(Row& row) {
  return cut_to_precision(now(row), 3);
}

constexpr Overload kClocks[] = {
    {"CURRENT_DATE", "", "D", row_kernel<&today>, kClock},
    {"CURRENT_TIME", "", "T", row_kernel<&time_of_day>, kClock},
    {"LOCALTIME", "", "T", row_kernel<&time_of_day>, kClock},
    {"LOCALTIMESTAMP", "", "t", row_kernel<&timestamp>, kClock},
    {"CURRENT_TIMESTAMP", "", "z", row_kernel<&moment>, kVolatile},
    {"CURRENT_ROW_TIMESTAMP", "", "z", row_kernel<&moment>, kVolatile},
    {"NOW", "", "z", row_kernel<&moment>, kVolatile},
    {"PROCTIME", "", "z", row_kernel<&moment>, kVolatile},
};

}  // namespace

Family clock_family() {
  return {"The clock", kClocks, {}};
}

}  // namespace leat
