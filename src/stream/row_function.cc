#include "stream/row_function.h"

#include <algorithm>

#include "env/crash_guard.h"
#include "stream/row_identity.h"

namespace leat {
namespace {

constexpr int32_t kDeathsMax = 3;

// Rows that a function made and that are not yet sent on.
class MadeRows {
 public:
  explicit MadeRows(const Schema& schema) : schema_(schema) {}
  size_t size() const { return from_.size(); }

  void add(std::span<const RowCell> cells, uint32_t from) {
    CHECK(cells.size() == schema_.size());
    for (RowCell cell : cells) {
      if (auto* text = std::get_if<std::string_view>(&cell)) *text = texts_->copy(*text);
      cells_.push_back(cell);
    }
    from_.push_back(from);
  }
  void drop_from(size_t size) {
    cells_.resize(size * schema_.size());
    from_.resize(size);
  }

  // The rows from `begin` to `end`, each with what belonged to the row of `batch` that it was made from.
  Batch rows(const Batch& batch, size_t begin, size_t end) const {
    Batch made = batch.with_columns({}).gather(std::span(from_).subspan(begin, end - begin));
    for (size_t field = 0; field < schema_.size(); ++field) made.columns.push_back(column(field, begin, end));
    return made;
  }

  void clear() {
    cells_.clear();
    from_.clear();
    texts_ = std::make_shared<Arena>();
  }

 private:
  ColumnPtr column(size_t field, size_t begin, size_t end) const {
    auto out = std::make_shared<Column>(schema_[field].type, static_cast<uint32_t>(end - begin));
    for (size_t row = begin; row < end; ++row) {
      set(*out, static_cast<uint32_t>(row - begin), cells_[row * schema_.size() + field]);
    }
    out->keep_alive(texts_);
    return out;
  }

  static void set(Column& column, uint32_t row, const RowCell& cell) {
    if (std::holds_alternative<std::monostate>(cell)) return column.set_null(row);
    switch (column.type().physical()) {
      case Physical::kBool:
        column.bools()[row] = std::get<bool>(cell);
        return;
      case Physical::kInt64:
        column.ints()[row] = std::get<int64_t>(cell);
        return;
      case Physical::kDouble:
        column.doubles()[row] = std::get<double>(cell);
        return;
      case Physical::kBytes:
        column.bytes()[row] = std::get<std::string_view>(cell);
        return;
      case Physical::kDecimal:
        CHECK(false);
    }
  }

  const Schema& schema_;
  std::vector<RowCell> cells_;  // Row after row.
  std::vector<uint32_t> from_;
  std::shared_ptr<Arena> texts_ = std::make_shared<Arena>();
};

RowCell cell_at(const Column& column, uint32_t row) {
  if (!column.valid(row)) return {};
  switch (column.type().physical()) {
    case Physical::kBool:
      return column.bools()[row] != 0;
    case Physical::kInt64:
      return column.ints()[row];
    case Physical::kDouble:
      return column.doubles()[row];
    case Physical::kBytes:
      return column.bytes()[row];
    case Physical::kDecimal:
      break;
  }
  CHECK(false);
}

class RowFunctionOperator final : public Operator {
 public:
  RowFunctionOperator(std::shared_ptr<const RowFunction> function, Schema input, Schema output)
      : function_(std::move(function)), input_(std::move(input)), output_(std::move(output)), made_(output_) {
    cells_.resize(input_.size());
    makes_ = function_->kind() == RowFunction::Kind::kMake;
    emit_ = [this](std::span<const RowCell> cells) {
      kept_ = true;
      if (makes_) made_.add(cells, row_);
    };
  }

  Status process(int, const Batch& batch, Output& out) override {
    CrashGuard* guard = context().crash_guard;
    if (guard != nullptr) identity_.begin(context().name, batch);
    for (row_ = 0; row_ < batch.rows; ++row_) {
      read_cells(batch);
      size_t before = made_.size();
      kept_ = !makes_ && function_->kind() == RowFunction::Kind::kAccept;
      if (!survives(batch, guard)) {
        made_.drop_from(before);  // What it had emitted before it failed is no result.
        continue;
      }
      bool passed = makes_ || kept_;
      ++(passed ? context().account.passed : context().account.filtered);
      if (passed && !makes_) kept_rows_.push_back(row_);
    }
    return makes_ ? send_made(batch, out) : send_kept(batch, out);
  }

 private:
  void read_cells(const Batch& batch) {
    for (size_t i = 0; i < cells_.size(); ++i) cells_[i] = cell_at(*batch.columns[i], row_);
  }

  // Runs the function. False: the row is a dead letter.
  bool survives(const Batch& batch, CrashGuard* guard) {
    std::optional<RowFailure> failure;
    if (guard == nullptr) {
      failure = function_->apply(cells_, batch.kind(row_), emit_);
    } else {
      GuardedRow id = identity_.of(batch, row_, cells_);
      if (const CrashGuard::Suspect* poison = poison_at(*guard, id)) {
        bury_poison(batch, *poison);
        guard->set_aside(id);
        return false;
      }
      guard->enter(id);
      failure = function_->apply(cells_, batch.kind(row_), emit_);
      guard->leave();
    }
    if (failure) bury(batch, *failure);
    return !failure;
  }

  static const CrashGuard::Suspect* poison_at(const CrashGuard& guard, const GuardedRow& id) {
    for (const CrashGuard::Suspect& suspect : guard.suspects()) {
      if (suspect.deaths >= kDeathsMax && suspect.row == id) return &suspect;
    }
    return nullptr;
  }

  void bury(const Batch& batch, RowFailure& failure) {
    DeadLetter letter = letter_for(batch, row_, failure.cause, std::move(failure.reason), std::move(failure.message));
    letter.exception = std::move(failure.exception);
    send(std::move(letter));
  }

  void bury_poison(const Batch& batch, const CrashGuard::Suspect& poison) {
    DeadLetter letter =
        letter_for(batch, row_, DeadLetterClass::kPoison, std::string("crash.") + cause_slug(poison.cause),
                   "the process died " + std::to_string(poison.deaths) + " times at this row");
    letter.stack = poison.stack;
    letter.crashes = poison.deaths;
    send(std::move(letter));
  }

  void send(DeadLetter letter) {
    letter.op = context().name;
    ++context().account.dead;
    context().dead_letters.add(std::move(letter));
  }

  Status send_kept(const Batch& batch, Output& out) {
    Status sent = kept_rows_.size() == batch.rows ? out.emit(batch) : out.emit(batch.gather(kept_rows_));
    kept_rows_.clear();
    return sent;
  }

  Status send_made(const Batch& batch, Output& out) {
    for (size_t begin = 0; begin < made_.size(); begin += kBatchRowsMax) {
      TRY(out.emit(made_.rows(batch, begin, std::min<size_t>(begin + kBatchRowsMax, made_.size()))));
    }
    made_.clear();
    return {};
  }

  std::shared_ptr<const RowFunction> function_;
  Schema input_, output_;
  bool makes_ = false;
  RowIdentity identity_;
  RowFunction::Emit emit_;
  // Of the row in hand.
  uint32_t row_ = 0;
  std::vector<RowCell> cells_;
  bool kept_ = false;
  // Of the batch; empty between two calls of process().
  MadeRows made_;
  std::vector<uint32_t> kept_rows_;
};

}  // namespace

std::unique_ptr<Operator> make_row_function(std::shared_ptr<const RowFunction> function, Schema input, Schema output) {
  return std::make_unique<RowFunctionOperator>(std::move(function), std::move(input), std::move(output));
}

}  // namespace leat
