#include "server/late_rows.h"

#include <gtest/gtest.h>

namespace leat {
namespace {

TablePtr table_with(std::map<std::string, std::string> options, DataType time) {
  auto table = std::make_shared<Table>();
  table->name = "t";
  table->options = std::move(options);
  for (const auto& [name, type] : {std::pair("k", DataType::string()), {"n", DataType::integer()}, {"at", time}}) {
    TableColumn column;
    column.field = {name, type};
    table->columns.push_back(column);
  }
  table->watermark = {{2, Expr::make_column(2, time)}};
  return table;
}

DeadLetter late_letter(const std::string& payload) {
  DeadLetter letter;
  letter.table = "t";
  letter.payload = payload;
  letter.late = LateFacts{EventTime{0}, EventTime{5000}, 5000, {{EventTime{0}, EventTime{1500}}}, false};
  return letter;
}

std::string lines(const TablePtr& table, const DeadLetter& letter) {
  std::map<std::string, TablePtr> tables{{"t", table}};
  EvalSettings settings;
  settings.time_zone = "+02:00";
  Bytes out;
  LateRows(tables, settings).append(letter, out);
  return out;
}

constexpr const char* kWindow = R"("window_start":"1970-01-01 00:00:00","window_end":"1970-01-01 00:00:01.500"})"
                                "\n";

TEST(LateRows, DecodesTheRowAgain) {
  std::string row = R"({"late":true,"row":{"k":"a","n":1,"at":"1970-01-01 00:00:00"},)";
  EXPECT_EQ(lines(table_with({{"format", "json"}}, DataType::timestamp(3)),
                  late_letter(R"({"k":"a","n":1,"at":"1970-01-01 00:00:00","more":2})")),
            row + kWindow);
  EXPECT_EQ(lines(table_with({{"format", "csv"}, {"csv.field-delimiter", ";"}}, DataType::timestamp(3)),
                  late_letter("a;1;1970-01-01 00:00:00")),
            row + kWindow);
}

TEST(LateRows, AColumnThatTheQueryDidNotReadMayBeBad) {
  EXPECT_EQ(lines(table_with({{"format", "json"}}, DataType::timestamp(3)),
                  late_letter(R"({"k":"a","n":"many","at":"1970-01-01 00:00:00"})")),
            std::string(R"({"late":true,"row":{"k":"a","n":null,"at":"1970-01-01 00:00:00"},)") + kWindow);
}

TEST(LateRows, OneLineForEachWindowMissed) {
  DeadLetter letter = late_letter(R"({"k":"a","n":1,"at":"1970-01-01 00:00:00"})");
  letter.late->windows.push_back({EventTime{500}, EventTime{2000}});
  std::string out = lines(table_with({{"format", "json"}}, DataType::timestamp(3)), letter);
  EXPECT_EQ(std::count(out.begin(), out.end(), '\n'), 2);
  EXPECT_NE(out.find(R"("window_start":"1970-01-01 00:00:00.500","window_end":"1970-01-01 00:00:02"})"),
            std::string::npos)
      << out;
}

TEST(LateRows, OfAnAggregateTheColumnsAreShownAsTheyAre) {
  DeadLetter letter = late_letter(R"({"n":3})");
  letter.table = "WindowAggregate[2]";
  EXPECT_EQ(lines(table_with({}, DataType::timestamp(3)), letter),
            std::string(R"({"late":true,"row":{"n":3},)") + kWindow);
}

}  // namespace
}  // namespace leat
