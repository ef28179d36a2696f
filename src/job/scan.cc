#include "job/scan.h"

#include <algorithm>

#include "stream/operator.h"

namespace leat {

void ScanPlan::finish() {
  for (uint32_t i = 0; i < wanted_.size(); ++i) {
    if (wanted_[i]) outputs_.push_back(i);
  }
  std::vector<bool> needed = wanted_;
  if (has_watermark()) {
    needed[table_->watermark[0].column] = true;
    collect_columns(*table_->watermark[0].expr, needed);
  }
  // A computed column reads physical and metadata columns only, so one pass is enough.
  for (size_t i = 0; i < needed.size(); ++i) {
    const TableColumn& column = table_->columns[i];
    if (needed[i] && column.kind == TableColumn::Kind::kComputed) collect_columns(*column.computed, needed);
  }
  for (uint32_t i = 0; i < needed.size(); ++i) {
    if (!needed[i]) continue;
    switch (table_->columns[i].kind) {
      case TableColumn::Kind::kPhysical:
        physical_.push_back(i);
        break;
      case TableColumn::Kind::kMetadata:
        metadata_.push_back(i);
        break;
      case TableColumn::Kind::kComputed:
        computed_.push_back(i);
        break;
    }
  }
}

TableOptions ScanPlan::options() const {
  TableOptions options;
  options.table = table_->name;
  options.options = table_->options;
  options.physical = table_->physical_schema();
  options.partitioned_by = table_->partitioned_by;
  options.primary_key = table_->primary_key;
  for (uint32_t i : physical_) options.fields.push_back(table_->columns[i].field);
  for (uint32_t i : metadata_) {
    options.metadata.push_back({table_->columns[i].metadata_key, table_->columns[i].field.type});
  }
  return options;
}

namespace {

// Moves the rows that failed from the batch to `bad`; returns the numbers of those that stay.
std::vector<uint32_t> take_out(SourceBatch& read, std::vector<RowError> errors) {
  std::vector<uint32_t> good;
  size_t next = 0;
  for (uint32_t row = 0; row < read.batch.rows; ++row) {
    if (next == errors.size() || errors[next].row != row) {
      good.push_back(row);
      continue;
    }
    const Provenance::Row* origin = read.batch.origin(row);
    read.bad.push_back({origin ? *origin : Provenance::Row{{}, row, 0}, std::move(errors[next].reason),
                        std::move(errors[next].message)});
    ++next;
  }
  if (read.batch.provenance) {
    const auto& owners = read.batch.provenance->owners;
    read.owners.insert(read.owners.end(), owners.begin(), owners.end());
  }
  // Letters stay in the order of the input.
  std::stable_sort(read.bad.begin(), read.bad.end(),
                   [](const BadRow& a, const BadRow& b) { return a.row.position < b.row.position; });
  return good;
}

}  // namespace

SourceStage ScanPlan::stage(const EvalSettings& settings) const {
  return [this, &settings](SourceBatch& read) {
    Batch& batch = read.batch;
    if (batch.rows == 0) {
      batch.columns.clear();
      for (uint32_t i : outputs_) batch.columns.push_back(std::make_shared<Column>(table_->columns[i].field.type, 0));
      if (has_watermark()) batch.columns.push_back(std::make_shared<Column>(table_->watermark[0].expr->type, 0));
      return;
    }
    // Expressions of a table are over all of its columns by number; those that nobody needs stay empty here.
    Batch full = batch.with_columns(std::vector<ColumnPtr>(table_->columns.size()));
    size_t next = 0;
    for (uint32_t i : physical_) full.columns[i] = batch.columns[next++];
    for (uint32_t i : metadata_) full.columns[i] = batch.columns[next++];
    RowErrors errors;
    EvalContext context{settings, errors};
    Selection rows = all_rows_view(batch.rows);
    for (uint32_t i : computed_) full.columns[i] = evaluate(*table_->columns[i].computed, full, rows, context);

    std::vector<ColumnPtr> columns;
    for (uint32_t i : outputs_) columns.push_back(full.columns[i]);
    if (has_watermark()) {
      const Watermark& watermark = table_->watermark[0];
      columns.push_back(evaluate(*watermark.expr, full, rows, context));
      const Column& time = *full.columns[watermark.column];
      for (uint32_t row = 0; time.has_nulls() && row < batch.rows; ++row) {
        if (time.valid(row)) continue;
        errors.add(row, "event_time.null",
                   "column '" + table_->columns[watermark.column].field.name + "' is the event time and is NULL");
      }
    }
    batch.columns = std::move(columns);
    if (errors.empty()) return;
    std::vector<uint32_t> good = take_out(read, errors.take_sorted());
    batch = batch.gather(good);
  };
}

}  // namespace leat
