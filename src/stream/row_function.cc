#include "stream/row_function.h"

#include <algorithm>

#include "env/crash_guard.h"

namespace leat {
namespace {

constexpr int32_t kDeathsMax = 3;

class RowFunctionOperator final : public Operator {
 public:
  RowFunctionOperator(std::shared_ptr<const RowFunction> function, Schema input, Schema output)
      : function_(std::move(function)), input_(std::move(input)), output_(std::move(output)) {}

  Status process(int, const Batch& batch, Output& out) override {
    for (uint32_t row = 0; row < batch.rows; ++row) {
      size_t before = rows_.size();
      if (is_poison(batch, row)) {
        bury_poison(batch, row);
        continue;
      }
      std::optional<RowFailure> failure = call(batch, row);
      if (failure) {
        drop_from(before);  // What it had emitted before it failed is not a result.
        bury(batch, row, *failure);
        continue;
      }
      bool filtered = function_->is_filter() && rows_.size() == before;
      ++(filtered ? context().account.filtered : context().account.passed);
      while (rows_.size() >= kBatchRowsMax) TRY(flush(batch, kBatchRowsMax, out));
    }
    while (!rows_.empty()) TRY(flush(batch, std::min<size_t>(rows_.size(), kBatchRowsMax), out));
    return {};
  }

 private:
  // A row's place in its source: what the guard remembers it by.
  static uint64_t place(const Batch& batch, uint32_t row) {
    const Provenance::Row* origin = batch.origin(row);
    return origin == nullptr ? 0 : origin->position + 1;
  }

  bool is_poison(const Batch& batch, uint32_t row) {
    CrashGuard* guard = context().crash_guard;
    return guard != nullptr && guard->suspect().deaths >= kDeathsMax && guard->suspect().row == place(batch, row);
  }

  std::optional<RowFailure> call(const Batch& batch, uint32_t row) {
    values_.clear();
    for (const ColumnPtr& column : batch.columns) values_.push_back(column->value(row));
    CrashGuard* guard = context().crash_guard;
    if (guard != nullptr) guard->enter(place(batch, row));
    auto failure = function_->apply(values_, [&](std::vector<Value> emitted) {
      CHECK(emitted.size() == output_.size());
      rows_.push_back(std::move(emitted));
      from_.push_back(row);
    });
    if (guard != nullptr) guard->leave();
    return failure;
  }

  void drop_from(size_t size) {
    rows_.resize(size);
    from_.resize(size);
  }

  void bury(const Batch& batch, uint32_t row, RowFailure& failure) {
    DeadLetter letter =
        letter_for(batch, row, DeadLetterClass::kCode, std::move(failure.reason), std::move(failure.message));
    letter.exception = std::move(failure.exception);
    letter.stack = std::move(failure.stack);
    send(std::move(letter));
  }

  void bury_poison(const Batch& batch, uint32_t row) {
    const CrashGuard::Suspect& suspect = context().crash_guard->suspect();
    DeadLetter letter =
        letter_for(batch, row, DeadLetterClass::kPoison, std::string("crash.") + signal_slug(suspect.signal),
                   "the process died " + std::to_string(suspect.deaths) + " times at this row");
    letter.stack = suspect.stack;
    letter.crashes = suspect.deaths;
    context().crash_guard->skip_suspect();
    send(std::move(letter));
  }

  void send(DeadLetter letter) {
    letter.op = context().name;
    ++context().account.dead;
    context().dead_letters.add(std::move(letter));
  }

  // Emits the first `count` pending rows, each with what belonged to the row it was made from.
  Status flush(const Batch& batch, size_t count, Output& out) {
    std::vector<uint32_t> from(from_.begin(), from_.begin() + static_cast<ptrdiff_t>(count));
    Batch made = batch.gather(from).with_columns({});
    for (size_t field = 0; field < output_.size(); ++field) {
      auto column = std::make_shared<Column>(output_[field].type, static_cast<uint32_t>(count));
      for (uint32_t row = 0; row < count; ++row) column->set_value(row, rows_[row][field]);
      made.columns.push_back(std::move(column));
    }
    rows_.erase(rows_.begin(), rows_.begin() + static_cast<ptrdiff_t>(count));
    from_.erase(from_.begin(), from_.begin() + static_cast<ptrdiff_t>(count));
    return out.emit(std::move(made));
  }

  std::shared_ptr<const RowFunction> function_;
  Schema input_, output_;
  std::vector<Value> values_;
  std::vector<std::vector<Value>> rows_;  // Emitted, not yet sent on; empty between two calls of process().
  std::vector<uint32_t> from_;            // The input row of each.
};

}  // namespace

std::unique_ptr<Operator> make_row_function(std::shared_ptr<const RowFunction> function, Schema input, Schema output) {
  return std::make_unique<RowFunctionOperator>(std::move(function), std::move(input), std::move(output));
}

}  // namespace leat
