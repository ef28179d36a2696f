#include "job/job.h"
#include "job/report.h"

namespace leat {

Status check_table(const Table& table) {
  TableOptions options = sink_options(table);
  for (const TableColumn& column : table.columns) {
    if (column.kind == TableColumn::Kind::kMetadata) {
      options.metadata.push_back({column.metadata_key, column.field.type});
    }
  }
  return check_options(options);
}

}  // namespace leat
