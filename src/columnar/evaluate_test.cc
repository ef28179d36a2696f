// Evaluation over batches: selections, three-valued logic, branches, errors.
#include <gtest/gtest.h>

#include <numeric>

#include "columnar/function.h"

namespace leat {
namespace {

std::vector<uint32_t> all_rows(uint32_t rows) {
  std::vector<uint32_t> out(rows);
  std::iota(out.begin(), out.end(), 0u);
  return out;
}

ColumnPtr ints(std::vector<std::optional<int64_t>> values, DataType type = DataType::integer()) {
  auto column = std::make_shared<Column>(type, static_cast<uint32_t>(values.size()));
  for (uint32_t i = 0; i < values.size(); ++i) column->set_value(i, values[i] ? Value{*values[i]} : Value{});
  return column;
}

ExprPtr call(std::string_view name, std::vector<ExprPtr> args) {
  auto expr = make_call(name, std::move(args));
  EXPECT_TRUE(expr) << expr.error().message;
  return *expr;
}

ExprPtr number(int64_t value) {
  return Expr::make_literal({value}, DataType::integer());
}

class Evaluate : public testing::Test {
 protected:
  ColumnPtr run(const ExprPtr& expr) { return evaluate(*expr, batch_, selection_, context_); }
  std::string text(const ExprPtr& expr) {
    const ColumnPtr column = run(expr);
    std::string out;
    for (uint32_t row : selection_)
      out += (out.empty() ? "" : " ") + value_to_text(column->value(row), column->type(), settings_);
    return out;
  }
  void set(std::vector<ColumnPtr> columns) {
    batch_.rows = columns[0]->size();
    batch_.columns = std::move(columns);
    selection_ = all_rows(batch_.rows);
  }
  ExprPtr column(uint32_t i) { return Expr::make_column(i, batch_.columns[i]->type()); }

  Batch batch_;
  std::vector<uint32_t> selection_;
  EvalSettings settings_;
  RowErrors errors_;
  EvalContext context_{settings_, errors_};
};

TEST_F(Evaluate, ColumnReferenceIsNotCopied) {
  set({ints({1, 2, 3})});
  EXPECT_EQ(run(column(0)).get(), batch_.columns[0].get());
}

TEST_F(Evaluate, NullsSpreadThroughArithmetic) {
  set({ints({1, std::nullopt, 3}), ints({10, 20, std::nullopt})});
  EXPECT_EQ(text(call("+", {column(0), column(1)})), "11 NULL NULL");
}

TEST_F(Evaluate, DivisionByZeroMarksOnlyItsRow) {
  set({ints({6, 7, std::nullopt, 9}), ints({2, 0, 0, 3})});
  EXPECT_EQ(text(call("/", {column(0), column(1)})), "3 NULL NULL 3");
  const auto errors = errors_.take_sorted();
  ASSERT_EQ(errors.size(), 1u);
  EXPECT_EQ(errors[0].row, 1u);
  EXPECT_EQ(errors[0].reason, "division.by.zero");
}

TEST_F(Evaluate, BranchNotTakenDoesNotFail) {
  set({ints({6, 7, 8}), ints({2, 0, 4})});
  const ExprPtr zero = call("=", {column(1), number(0)});
  EXPECT_EQ(text(call("CASE", {zero, number(-1), call("/", {column(0), column(1)})})), "3 -1 2");
  EXPECT_EQ(text(call("OR", {zero, call(">", {call("/", {column(0), column(1)}), number(2)})})), "TRUE TRUE FALSE");
  EXPECT_TRUE(errors_.empty());
}

TEST_F(Evaluate, ThreeValuedLogic) {
  auto truth = std::make_shared<Column>(DataType::boolean(), 9),
       other = std::make_shared<Column>(DataType::boolean(), 9);
  const Value values[] = {{true}, {false}, {}};
  for (uint32_t i = 0; i < 9; ++i) {
    truth->set_value(i, values[i / 3]);
    other->set_value(i, values[i % 3]);
  }
  set({truth, other});
  EXPECT_EQ(text(call("AND", {column(0), column(1)})), "TRUE FALSE NULL FALSE FALSE FALSE NULL FALSE NULL");
  EXPECT_EQ(text(call("OR", {column(0), column(1)})), "TRUE TRUE TRUE TRUE FALSE NULL TRUE NULL NULL");
  EXPECT_EQ(text(call("NOT", {column(0)})), "FALSE FALSE FALSE TRUE TRUE TRUE NULL NULL NULL");
  EXPECT_EQ(text(call("IS NOT TRUE", {column(0)})), "FALSE FALSE FALSE TRUE TRUE TRUE TRUE TRUE TRUE");
  EXPECT_EQ(text(call("IS DISTINCT FROM", {column(0), column(1)})), "FALSE TRUE TRUE TRUE FALSE TRUE TRUE TRUE FALSE");
}

TEST_F(Evaluate, OnlySelectedRowsAreJudged) {
  set({ints({1, 2, 3, 4}), ints({0, 1, 0, 2})});
  selection_ = {1, 3};
  EXPECT_EQ(text(call("/", {column(0), column(1)})), "2 2");
  EXPECT_TRUE(errors_.empty());
  const auto chosen = select_true(*call(">", {column(0), number(2)}), batch_, selection_, context_);
  EXPECT_EQ(chosen, std::vector<uint32_t>{3});
}

TEST_F(Evaluate, CoalesceTakesTheFirstThatIsThere) {
  set({ints({1, std::nullopt, std::nullopt}), ints({4, 5, std::nullopt})});
  EXPECT_EQ(text(call("COALESCE", {column(0), column(1), number(9)})), "1 5 9");
  EXPECT_EQ(text(call("COALESCE", {column(0), column(1)})), "1 5 NULL");
}

TEST_F(Evaluate, FoldsWhatItCanAndLeavesWhatFails) {
  const ExprPtr sum = fold_constants(call("+", {number(2), number(3)}));
  ASSERT_EQ(sum->kind, Expr::Kind::kLiteral);
  EXPECT_EQ(sum->literal, Value{int64_t{5}});
  EXPECT_EQ(fold_constants(call("/", {number(2), number(0)}))->kind, Expr::Kind::kCall);
}

TEST_F(Evaluate, ColumnsCanBeMovedAndCounted) {
  set({ints({1}), ints({2}), ints({3})});
  const ExprPtr expr = call("+", {column(0), column(2)});
  std::vector<bool> used(3);
  collect_columns(*expr, used);
  EXPECT_EQ(used, (std::vector<bool>{true, false, true}));
  const int mapping[] = {1, -1, 0};
  const ExprPtr moved = remap_columns(expr, mapping);
  EXPECT_EQ(to_string(*moved, {{"x", DataType::integer()}, {"y", DataType::integer()}}), "(y + x)");
  EXPECT_FALSE(same_expr(*expr, *moved));
  EXPECT_TRUE(same_expr(*expr, *remap_columns(moved, std::vector<int>{2, 0})));
}

}  // namespace
}  // namespace leat
