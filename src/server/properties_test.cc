#include "server/properties.h"

#include <gtest/gtest.h>

namespace leat {
namespace {

std::string parsed(const std::string& text) {
  std::string out;
  for (const Property& property : parse_properties(text)) {
    out += std::to_string(property.line) + "[" + property.name + "][" + property.value + "]";
  }
  return out;
}

TEST(Properties, NamesAndValues) {
  EXPECT_EQ(parsed(""), "");
  EXPECT_EQ(parsed("a=1\nb : 2\r\nc 3\n\n  d  =  4 \n"), "1[a][1]2[b][2]3[c][3]5[d][4 ]");
  EXPECT_EQ(parsed("# no\n ! neither\na\n=b\nc=d=e"), "3[a][]4[][b]5[c][d=e]");
}

TEST(Properties, LinesThatGoOn) {
  EXPECT_EQ(parsed("a=1,\\\n   2\nb=3"), "1[a][1,2]3[b][3]");
  EXPECT_EQ(parsed("a=1\\\\\nb=2\\"), "1[a][1\\]2[b][2]");
  EXPECT_EQ(parsed("a\\\n#=1"), "1[a#][1]");
}

TEST(Properties, Escapes) {
  EXPECT_EQ(parsed("a\\=b\\ c=\\t\\u00e4\\u20ac\\q"), "1[a=b c][\t\u00e4\u20acq]");
  EXPECT_EQ(parsed("a=\\u00"), "1[a][u00]");
}

}  // namespace
}  // namespace leat
