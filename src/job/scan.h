#pragma once
// What a job reads of a table, and the work done on the source's batches before anything else sees them: computed
// columns and the watermark expression, on the threads that decode.
#include <memory>
#include <vector>

#include "connect/connector.h"
#include "plan/table.h"
#include "stream/source.h"

namespace leat {

class ScanPlan {
 public:
  explicit ScanPlan(TablePtr table) : table_(std::move(table)), wanted_(table_->columns.size(), false) {}

  // Before finish(): `column` (an index into Table::columns) is read by the plan above.
  void want(uint32_t column) { wanted_[column] = true; }
  // Decides what must be read; afterwards the source's batches have outputs(), then the watermark if there is one.
  void finish();

  const Table& table() const { return *table_; }
  const std::vector<uint32_t>& outputs() const { return outputs_; }  // Indices into Table::columns, ascending.
  bool has_watermark() const { return !table_->watermark.empty(); }
  TableOptions options() const;                  // For make_source().
  SourceStage stage(const EvalSettings&) const;  // The settings outlive it.

 private:
  TablePtr table_;
  std::vector<bool> wanted_;
  std::vector<uint32_t> outputs_, physical_, metadata_, computed_;  // What is wanted above, and what is needed for it.
};

}  // namespace leat
