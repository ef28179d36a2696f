// Evaluation of bound expressions, a batch at a time.
#include <algorithm>

#include "columnar/cast.h"
#include "columnar/expr.h"
#include "columnar/function.h"

namespace leat {
namespace {

using ColumnOut = std::shared_ptr<Column>;

ColumnOut make_out(const Expr& expr, const Batch& batch) {
  return std::make_shared<Column>(expr.type, batch.rows);
}

bool is_true(const Column& column, uint32_t row) {
  return column.valid(row) && column.bools()[row] != 0;
}

// The rows of `from` into the same rows of `out`.
void copy_rows(Column& out, const Column& from, Selection rows) {
  auto copy = [&]<class T>(std::span<T> to, std::span<const T> values) {
    for (uint32_t row : rows) to[row] = values[row];
  };
  switch (out.type().physical()) {
    case Physical::kBool:
      copy(out.bools(), from.bools());
      break;
    case Physical::kInt64:
      copy(out.ints(), from.ints());
      break;
    case Physical::kDouble:
      copy(out.doubles(), from.doubles());
      break;
    case Physical::kDecimal:
      copy(out.decimals(), from.decimals());
      break;
    case Physical::kBytes:
      copy(out.bytes(), from.bytes());
      out.keep_alive(from);
      break;
  }
  if (!from.has_nulls()) return;
  for (uint32_t row : rows) {
    if (!from.valid(row)) out.set_null(row);
  }
}

void mark_nulls(Column& out, const Column& argument) {
  if (!argument.has_nulls()) return;
  const auto from = argument.validity();
  const auto to = out.mutable_validity();
  for (size_t row = 0; row < to.size(); ++row) to[row] &= from[row];
}

ColumnPtr evaluate_call(const Expr& expr, const Batch& batch, Selection selection, EvalContext& context) {
  std::vector<ColumnPtr> args;
  args.reserve(expr.args.size());
  bool any_null = false;
  for (const ExprPtr& arg : expr.args) {
    args.push_back(evaluate(*arg, batch, selection, context));
    any_null |= args.back()->has_nulls();
  }
  const ColumnOut out = make_out(expr, batch);
  const Function& function = *expr.function;
  if (function.handles_nulls || !any_null) {
    function.kernel(expr, args, selection, *out, context);
    return out;
  }
  for (const ColumnPtr& arg : args) mark_nulls(*out, *arg);
  if (function.total) {
    function.kernel(expr, args, selection, *out, context);
    return out;
  }
  std::vector<uint32_t> strict;
  strict.reserve(selection.size());
  for (uint32_t row : selection) {
    if (out->valid(row)) strict.push_back(row);
  }
  if (!strict.empty()) function.kernel(expr, args, strict, *out, context);
  return out;
}

ColumnPtr evaluate_cast(const Expr& expr, const Batch& batch, Selection selection, EvalContext& context) {
  const ColumnPtr from = evaluate(*expr.args[0], batch, selection, context);
  const ColumnOut out = make_out(expr, batch);
  cast_column(*from, *out, selection, context, expr.safe);
  return out;
}

// AND stops at FALSE, OR at TRUE; an argument is evaluated only for the rows that no earlier one has decided.
ColumnPtr evaluate_logic(const Expr& expr, const Batch& batch, Selection selection, EvalContext& context) {
  const uint8_t deciding = expr.kind == Expr::Kind::kOr;
  const ColumnOut out = make_out(expr, batch);
  const auto values = out->bools();
  for (uint32_t row : selection) values[row] = !deciding;
  std::vector<uint32_t> open(selection.begin(), selection.end());
  for (const ExprPtr& arg : expr.args) {
    if (open.empty()) break;
    const ColumnPtr operand = evaluate(*arg, batch, open, context);
    const auto from = operand->bools();
    size_t kept = 0;
    for (uint32_t row : open) {
      if (!operand->valid(row)) {
        out->set_null(row);
      } else if (from[row] == deciding) {
        values[row] = deciding;
        if (out->has_nulls()) out->mutable_validity()[row] = 1;
        continue;
      }
      open[kept++] = row;
    }
    open.resize(kept);
  }
  return out;
}

ColumnPtr evaluate_case(const Expr& expr, const Batch& batch, Selection selection, EvalContext& context) {
  const ColumnOut out = make_out(expr, batch);
  std::vector<uint32_t> open(selection.begin(), selection.end());
  std::vector<uint32_t> taken;
  size_t i = 0;
  for (; i + 1 < expr.args.size() && !open.empty(); i += 2) {
    const ColumnPtr when = evaluate(*expr.args[i], batch, open, context);
    taken.clear();
    size_t kept = 0;
    for (uint32_t row : open) {
      if (is_true(*when, row)) {
        taken.push_back(row);
      } else {
        open[kept++] = row;
      }
    }
    open.resize(kept);
    if (!taken.empty()) copy_rows(*out, *evaluate(*expr.args[i + 1], batch, taken, context), taken);
  }
  if (open.empty()) return out;
  if (expr.args.size() % 2 != 0) {
    copy_rows(*out, *evaluate(*expr.args.back(), batch, open, context), open);
  } else {
    for (uint32_t row : open) out->set_null(row);
  }
  return out;
}

ColumnPtr evaluate_coalesce(const Expr& expr, const Batch& batch, Selection selection, EvalContext& context) {
  std::vector<uint32_t> open(selection.begin(), selection.end());
  std::vector<uint32_t> taken;
  ColumnOut out;
  for (const ExprPtr& arg : expr.args) {
    if (out && open.empty()) break;
    const ColumnPtr operand = evaluate(*arg, batch, open, context);
    if (!out && !operand->has_nulls()) return operand;
    if (!out) out = make_out(expr, batch);
    taken.clear();
    size_t kept = 0;
    for (uint32_t row : open) {
      if (operand->valid(row)) {
        taken.push_back(row);
      } else {
        open[kept++] = row;
      }
    }
    open.resize(kept);
    copy_rows(*out, *operand, taken);
  }
  for (uint32_t row : open) out->set_null(row);
  return out;
}

}  // namespace

ColumnPtr evaluate(const Expr& expr, const Batch& batch, Selection selection, EvalContext& context) {
  if (expr.kind == Expr::Kind::kColumn) {
    CHECK(expr.column < batch.columns.size() && batch.columns[expr.column]);
    return batch.columns[expr.column];
  }
  if (expr.kind == Expr::Kind::kLiteral) return Column::constant(expr.type, expr.literal, batch.rows);
  if (selection.empty()) return make_out(expr, batch);
  switch (expr.kind) {
    case Expr::Kind::kCall:
      return evaluate_call(expr, batch, selection, context);
    case Expr::Kind::kCast:
      return evaluate_cast(expr, batch, selection, context);
    case Expr::Kind::kCase:
      return evaluate_case(expr, batch, selection, context);
    case Expr::Kind::kCoalesce:
      return evaluate_coalesce(expr, batch, selection, context);
    default:
      return evaluate_logic(expr, batch, selection, context);
  }
}

std::vector<uint32_t> select_true(const Expr& expr, const Batch& batch, Selection selection, EvalContext& context) {
  const ColumnPtr column = evaluate(expr, batch, selection, context);
  std::vector<uint32_t> out(selection.size());
  size_t count = 0;
  const auto values = column->bools();
  if (!column->has_nulls()) {
    for (uint32_t row : selection) {
      out[count] = row;
      count += values[row];
    }
  } else {
    const auto valid = column->validity();
    for (uint32_t row : selection) {
      out[count] = row;
      count += values[row] & valid[row];
    }
  }
  out.resize(count);
  return out;
}

void RowErrors::add(uint32_t row, std::string reason, std::string message) {
  errors_.push_back({row, std::move(reason), std::move(message)});
}

std::vector<RowError> RowErrors::take_sorted() {
  std::ranges::stable_sort(errors_, {}, &RowError::row);
  const auto later = std::ranges::unique(errors_, {}, &RowError::row);
  errors_.erase(later.begin(), later.end());
  return std::exchange(errors_, {});
}

}  // namespace leat
