#pragma once
// GroupResults: the changelog that a group aggregate emits, gathered into batches.
#include "stream/aggregate_set.h"
#include "stream/operator.h"

namespace leat {

class GroupResults {
 public:
  // All outlive it.
  GroupResults(const Schema& schema, const GroupKeyCodec&, const AggregateSet&, bool update_before);

  void begin(Output& out, const Batch& input);
  // Each writes for one input row. What `before` wrote is the group's result until then.
  Status inserted(const GroupKey&, const char* states, uint32_t input_row);
  Status before(const GroupKey&, const char* states);
  // `quiet`: nothing is emitted if the result is what it was.
  void updated(const GroupKey&, const char* states, uint32_t input_row, bool quiet);
  void deleted(uint32_t input_row);
  Status flush();

 private:
  Status make_room();
  void write(const GroupKey&, const char* states, uint32_t row);
  bool same(uint32_t a, uint32_t b) const;
  void emit_row(RowKind, uint32_t input_row);

  const Schema& schema_;
  const GroupKeyCodec& codec_;
  const AggregateSet& aggregates_;
  bool update_before_;

  Output* out_ = nullptr;
  const Batch* input_ = nullptr;
  std::vector<std::shared_ptr<Column>> columns_;
  uint32_t capacity_ = 0, used_ = 0;
  std::vector<RowKind> kinds_;
  std::vector<int64_t> watermarks_;
};

}  // namespace leat
