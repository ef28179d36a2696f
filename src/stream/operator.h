#pragma once
// Operator: one step of a job's graph. Called on the job's thread, one call at a time; calls never block.
//
// The runner merges the watermarks of the inputs, keeps the accounts' rows_in and rows_out, forwards watermarks (after
// on_watermark), and takes checkpoints between batches, so operators cannot get that wrong.
#include "base/result.h"
#include "columnar/batch.h"
#include "columnar/expr.h"
#include "stream/dead_letter.h"
#include "stream/ledger.h"
#include "stream/state.h"

namespace leat {

class Output {
 public:
  virtual ~Output() = default;
  virtual Status emit(Batch) = 0;  // At most kBatchRowsMax rows; empty batches are dropped.
};

class CrashGuard;  // env/crash_guard.h

struct OperatorContext {
  std::string name;
  const EvalSettings& settings;
  DeadLetterSink& dead_letters;
  CrashGuard* crash_guard;  // Around user code; null where nothing is kept between runs.
  Account& account;         // rows_in and rows_out are the runner's; the rest is the operator's.
};

class Operator {
 public:
  virtual ~Operator() = default;
  // Before anything else, restore() included. The context outlives the operator.
  virtual Status open(OperatorContext& context) {
    context_ = &context;
    return {};
  }
  virtual Status process(int input, const Batch&, Output&) = 0;
  // The merged watermark advanced to this. kMaxEventTime: every input ended; on_end follows.
  virtual Status on_watermark(EventTime, Output&) { return {}; }
  virtual Status on_end(Output&) { return {}; }
  // False: every further row would be filtered. A source that only such operators read is ended early.
  virtual bool wants_more() const { return true; }

  virtual Status checkpoint(StateWriter&) { return {}; }
  virtual Status restore(BytesView key,
                         std::optional<BytesView> value);  // Default: CHECK, a stateless operator has none.
  virtual uint64_t state_bytes() const { return 0; }       // Approximate, for the live line.

 protected:
  OperatorContext& context() { return *context_; }

 private:
  OperatorContext* context_ = nullptr;
};

// Evaluates helpers shared by operators: removes rows with errors, counts them dead and sends their letters.
// Returns the rows of `selection` that had no error.
std::vector<uint32_t> bury_failed(const Batch&, Selection selection, RowErrors&, OperatorContext&);
// 0, 1, …, rows-1.
std::vector<uint32_t> all_rows(uint32_t rows);
Selection all_rows_view(uint32_t rows);  // The same, static: rows <= kBatchRowsMax.

}  // namespace leat
