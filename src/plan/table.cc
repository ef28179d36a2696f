#include "plan/table.h"

namespace leat {

Schema Table::schema() const {
  Schema out;
  for (const TableColumn& column : columns) out.push_back(column.field);
  return out;
}

Schema Table::physical_schema() const {
  Schema out;
  for (const TableColumn& column : columns) {
    if (column.kind == TableColumn::Kind::kPhysical) out.push_back(column.field);
  }
  return out;
}

Schema Table::sink_schema() const {
  Schema out;
  for (const TableColumn& column : columns) {
    bool written = column.kind == TableColumn::Kind::kPhysical ||
                   (column.kind == TableColumn::Kind::kMetadata && !column.is_virtual);
    if (written) out.push_back(column.field);
  }
  return out;
}

}  // namespace leat
