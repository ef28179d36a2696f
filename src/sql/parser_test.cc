// What data files cannot show: whether text is complete, hostile text, and the shape of trees. The rest of the parser
// is tested by test/sql.
#include "sql/parser.h"

#include <gtest/gtest.h>

namespace leat {
namespace {

std::string repeated(const std::string& text, int times) {
  std::string out;
  for (int i = 0; i < times; ++i) out += text;
  return out;
}

std::string error_of(const std::string& script) {
  auto parsed = parse_script(script);
  return parsed ? "" : parsed.error().message;
}

TEST(IsComplete, AsksForMoreUntilASemicolonEndsTheStatement) {
  EXPECT_TRUE(is_complete("SELECT 1;"));
  EXPECT_TRUE(is_complete("SELECT 1; -- done"));
  EXPECT_FALSE(is_complete("SELECT 1"));
  EXPECT_FALSE(is_complete("SELECT ';'"));
  EXPECT_FALSE(is_complete("SELECT 'open;"));
  EXPECT_FALSE(is_complete("SELECT 1 -- ;"));
  EXPECT_FALSE(is_complete("SELECT 1 /* ;"));
  EXPECT_FALSE(is_complete("SELECT `a;"));
}

TEST(IsComplete, AStatementSetEndsWithItsEnd) {
  EXPECT_FALSE(is_complete("EXECUTE STATEMENT SET BEGIN INSERT INTO t SELECT 1;"));
  EXPECT_TRUE(is_complete("EXECUTE STATEMENT SET BEGIN INSERT INTO t SELECT 1; END;"));
  EXPECT_FALSE(is_complete("BEGIN STATEMENT SET; INSERT INTO t SELECT 1;"));
  EXPECT_FALSE(is_complete("BEGIN STATEMENT SET; INSERT INTO t SELECT CASE WHEN TRUE THEN 1 END;"));
  EXPECT_TRUE(is_complete("BEGIN STATEMENT SET; INSERT INTO t SELECT CASE WHEN TRUE THEN 1 END; END;"));
}

TEST(IsComplete, TextThatIsNoSqlIsCompleteToShowItsError) {
  EXPECT_TRUE(is_complete("SELECT #;"));
}

TEST(Parser, KeepsTheTextOfEachStatement) {
  auto parsed = parse_script(" SELECT 1 ;;\nSELECT /* in between */ 2; -- last\n");
  ASSERT_TRUE(parsed) << parsed.error().message;
  ASSERT_EQ(parsed->size(), 2u);
  EXPECT_EQ((*parsed)[0].text, "SELECT 1");
  EXPECT_EQ((*parsed)[1].text, "SELECT /* in between */ 2");
  EXPECT_EQ((*parsed)[1].position.line, 2);
  EXPECT_EQ((*parsed)[1].position.column, 1);
}

TEST(Parser, ColumnsAreCharactersNotBytes) {
  EXPECT_TRUE(error_of("SELECT 'äöü' FRM t").starts_with("line 1, column 18: ")) << error_of("SELECT 'äöü' FRM t");
}

TEST(Parser, TheCaretIsUnderTheCharacter) {
  EXPECT_EQ(error_of("SELECT 'ä',\n\t, 2"), "line 2, column 2: found ',', expected an expression\n  \t, 2\n  \t^");
}

TEST(Parser, HostileNestingIsAnErrorAndNoCrash) {
  for (const char* opening : {"(", "NOT ", "- ", "CASE WHEN ", "ARRAY[", "CAST(", "(SELECT ", "UPPER("}) {
    EXPECT_NE(error_of("SELECT " + repeated(opening, 100'000)), "") << opening;
  }
  EXPECT_NE(error_of("SELECT * FROM " + repeated("(SELECT * FROM ", 100'000)), "");
  EXPECT_NE(error_of("CREATE TABLE t (a " + repeated("ARRAY<", 100'000)), "");
  EXPECT_NE(error_of(repeated("EXPLAIN ", 100'000) + "SELECT 1"), "");
  EXPECT_NE(error_of("SELECT 1 " + repeated("UNION ALL SELECT 1 ", 100'000)), "");
}

TEST(Parser, LongListsAreFine) {
  EXPECT_EQ(error_of("SELECT 1" + repeated(", 1", 20'000)), "");
  EXPECT_EQ(error_of("SELECT a IN (1" + repeated(", 1", 20'000) + ") FROM t"), "");
  EXPECT_EQ(error_of(repeated("SELECT 1;", 20'000)), "");
}

}  // namespace
}  // namespace leat
