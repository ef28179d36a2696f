#include "job/job.h"
#include "job/report.h"

namespace leat {

Status check_table(const Table& table) {
  return check_options(sink_options(table));
}

}  // namespace leat
