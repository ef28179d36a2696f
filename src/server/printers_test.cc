#include <gtest/gtest.h>

#include "server/show_printer.h"

namespace leat {
namespace {

class StringOut final : public TextOut {
 public:
  Status write(BytesView text) override {
    written += text;
    return {};
  }
  size_t width() const override { return columns; }
  std::string written;
  size_t columns = 0;
};

struct TestRow {
  RowKind kind;
  std::optional<std::string> name;
  int64_t n;
};

const Schema kSchema{{"name", DataType::string()}, {"n", DataType::bigint()}};

Batch batch_of(const std::vector<TestRow>& rows) {
  auto count = static_cast<uint32_t>(rows.size());
  auto names = std::make_shared<Column>(DataType::string(), count);
  auto numbers = std::make_shared<Column>(DataType::bigint(), count);
  Batch out;
  out.rows = count;
  for (uint32_t i = 0; i < count; ++i) {
    if (rows[i].name) {
      names->set_bytes(i, *rows[i].name);
    } else {
      names->set_null(i);
    }
    numbers->ints()[i] = rows[i].n;
    out.kinds.push_back(rows[i].kind);
  }
  out.columns = {names, numbers};
  return out;
}

constexpr RowKind kI = RowKind::kInsert, kB = RowKind::kUpdateBefore, kA = RowKind::kUpdateAfter, kD = RowKind::kDelete;

std::string print(ResultFormat format, Changes changes, bool bounded,
                  const std::vector<std::vector<TestRow>>& batches) {
  StringOut out;
  EvalSettings settings;
  auto printer = make_printer(format, {kSchema, settings, out}, changes, bounded);
  for (const auto& rows : batches) EXPECT_TRUE(printer->rows(batch_of(rows)));
  EXPECT_TRUE(printer->end());
  return out.written;
}

const std::vector<std::vector<TestRow>> kInserts{{{kI, "a", 1}, {kI, std::nullopt, 20}}, {{kI, "", 3}}};
const std::vector<std::vector<TestRow>> kChanges{{{kI, "a", 1}, {kI, "b", 1}, {kB, "a", 1}, {kA, "a", 2}},
                                                 {{kI, "c", 1}, {kD, "b", 1}, {kB, "a", 2}, {kA, "a", 3}}};

TEST(Printers, Table) {
  EXPECT_EQ(print(ResultFormat::kTable, Changes::kInsertOnly, true, kInserts),
            " name |  n\n------+----\n a    |  1\n NULL | 20\n      |  3\n(3 rows)\n");
  EXPECT_EQ(print(ResultFormat::kTable, Changes::kInsertOnly, true, {}), " name | n\n------+---\n(0 rows)\n");
  EXPECT_EQ(print(ResultFormat::kTable, Changes::kInsertOnly, true, {{{kI, "x\ny", 1}}}),
            " name | n\n------+---\n x\\ny | 1\n(1 row)\n");
}

TEST(Printers, ATableThatIsWiderThanTheTerminalIsWrittenAsRecords) {
  StringOut out;
  out.columns = 14;
  EvalSettings settings;
  auto printer = make_table_printer({kSchema, settings, out}, false);
  ASSERT_TRUE(printer->rows(batch_of({{kI, "wide enough", 1}, {kI, std::nullopt, 20}})));
  ASSERT_TRUE(printer->end());
  EXPECT_EQ(out.written,
            "-[ row 1 ]-\n name | wide enough\n n    | 1\n-[ row 2 ]-\n name | NULL\n n    | 20\n(2 rows)\n");
}

TEST(Printers, WhatShowAnswersLeavesOutEmptyColumnsWhereItIsTooWide) {
  TextTable table{{"name", "extras", "type"}, {{"id", "", "BIGINT"}}};
  StringOut out;
  ASSERT_TRUE(print_text_table(table, ResultFormat::kTable, out));
  EXPECT_EQ(out.written, " name | extras | type\n------+--------+--------\n id   |        | BIGINT\n(1 row)\n");
  out.written.clear();
  out.columns = 20;
  ASSERT_TRUE(print_text_table(table, ResultFormat::kTable, out));
  EXPECT_EQ(out.written, " name | type\n------+--------\n id   | BIGINT\n(1 row)\n");
  out.written.clear();
  ASSERT_TRUE(print_text_table(table, ResultFormat::kJson, out));
  EXPECT_EQ(out.written, "{\"name\":\"id\",\"extras\":\"\",\"type\":\"BIGINT\"}\n");
}

TEST(Printers, CsvTellsNullFromEmpty) {
  EXPECT_EQ(print(ResultFormat::kCsv, Changes::kInsertOnly, true, kInserts), "name,n\na,1\n,20\n\"\",3\n");
  EXPECT_EQ(print(ResultFormat::kCsv, Changes::kInsertOnly, true, {{{kI, "a,\"b\"\n", 1}}}),
            "name,n\n\"a,\"\"b\"\"\n\",1\n");
  EXPECT_EQ(print(ResultFormat::kCsv, Changes::kInsertOnly, true, {}), "name,n\n");
}

TEST(Printers, Json) {
  EXPECT_EQ(print(ResultFormat::kJson, Changes::kInsertOnly, true, kInserts),
            "{\"name\":\"a\",\"n\":1}\n{\"name\":null,\"n\":20}\n{\"name\":\"\",\"n\":3}\n");
}

TEST(Printers, ChangelogHasEveryChange) {
  std::string all =
      "{\"op\":\"+I\",\"row\":{\"name\":\"a\",\"n\":1}}\n"
      "{\"op\":\"-U\",\"row\":{\"name\":\"a\",\"n\":1}}\n"
      "{\"op\":\"+U\",\"row\":{\"name\":\"a\",\"n\":2}}\n"
      "{\"op\":\"-D\",\"row\":{\"name\":\"a\",\"n\":2}}\n";
  std::vector<std::vector<TestRow>> batches{{{kI, "a", 1}, {kB, "a", 1}, {kA, "a", 2}, {kD, "a", 2}}};
  EXPECT_EQ(print(ResultFormat::kChangelogJson, Changes::kUpdates, true, batches), all);
  EXPECT_EQ(print(ResultFormat::kJson, Changes::kUpdates, false, batches), all);
}

TEST(Printers, BoundedUpdatesAreMaterialisedInPlace) {
  EXPECT_EQ(print(ResultFormat::kCsv, Changes::kUpdates, true, kChanges), "name,n\na,3\nc,1\n");
  EXPECT_EQ(print(ResultFormat::kTable, Changes::kUpdates, true, kChanges),
            " name | n\n------+---\n a    | 3\n c    | 1\n(2 rows)\n");
}

TEST(Printers, UnboundedUpdatesHaveAnOpColumn) {
  EXPECT_EQ(print(ResultFormat::kCsv, Changes::kUpdates, false, {{{kI, "a", 1}, {kB, "a", 1}}}),
            "op,name,n\n+I,a,1\n-U,a,1\n");
}

TEST(Materialiser, EqualRowsAreCounted) {
  std::vector<std::vector<TestRow>> batches{{{kI, "a", 1}, {kI, "a", 1}, {kD, "a", 1}, {kI, std::nullopt, 1}}};
  EXPECT_EQ(print(ResultFormat::kCsv, Changes::kUpdates, true, batches), "name,n\na,1\n,1\n");
}

TEST(Materialiser, ARetractionOfNothingIsAnError) {
  StringOut out;
  EvalSettings settings;
  auto printer = make_printer(ResultFormat::kCsv, {kSchema, settings, out}, Changes::kUpdates, true);
  EXPECT_FALSE(printer->rows(batch_of({{kD, "a", 1}})));
}

TEST(Materialiser, MoreRowsThanABatchHolds) {
  std::vector<std::vector<TestRow>> batches;
  std::string expected = "name,n\n";
  for (int64_t n = 0; n < 3000; ++n) {
    if (n % 1000 == 0) batches.emplace_back();
    batches.back().push_back({kI, "x", n});
    expected += "x," + std::to_string(n) + "\n";
  }
  EXPECT_EQ(print(ResultFormat::kCsv, Changes::kUpdates, true, batches), expected);
}

}  // namespace
}  // namespace leat
