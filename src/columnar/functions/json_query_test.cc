// What JSON_QUERY may make of a text is bounded.
#include <gtest/gtest.h>

#include "columnar/function.h"

namespace leat {
namespace {

ExprPtr text(std::string value) {
  return Expr::make_literal({std::move(value)}, DataType::string());
}

TEST(JsonQuery, ResultThatIsFarLongerThanItsTextIsRefused) {
  std::string deep(900, '[');
  for (int i = 0; i < 20'000; ++i) deep += "\"abcdefgh\",";
  deep += "1" + std::string(900, ']');
  const auto call = make_call("JSON_QUERY", {text(deep), text("$..*"), Expr::make_literal({}, DataType::string()),
                                             text("WITHOUT"), text("NULL"), text("NULL")});
  ASSERT_TRUE(call) << call.error().message;
  const EvalSettings settings;
  RowErrors errors;
  EvalContext context{settings, errors};
  Batch one;
  one.rows = 1;
  const uint32_t row = 0;
  const ColumnPtr result = evaluate(**call, one, {&row, 1}, context);
  EXPECT_FALSE(result->valid(0));
  const auto failed = errors.take_sorted();
  ASSERT_EQ(failed.size(), 1u);
  EXPECT_EQ(failed[0].reason, "json.invalid");
  EXPECT_NE(failed[0].message.find("64 MB"), std::string::npos);
}

}  // namespace
}  // namespace leat
