#include "base/base64.h"

#include <gtest/gtest.h>

namespace leat {
namespace {

// RFC 4648, section 10.
TEST(Base64, Rfc4648) {
  const std::pair<const char*, const char*> cases[] = {{"", ""},
                                                       {"f", "Zg=="},
                                                       {"fo", "Zm8="},
                                                       {"foo", "Zm9v"},
                                                       {"foob", "Zm9vYg=="},
                                                       {"fooba", "Zm9vYmE="},
                                                       {"foobar", "Zm9vYmFy"}};
  for (auto [plain, encoded] : cases) {
    EXPECT_EQ(to_base64(plain), encoded);
    EXPECT_EQ(from_base64(encoded), plain);
  }
}

TEST(Base64, EveryByteComesBack) {
  Bytes all;
  for (int i = 0; i < 256; ++i) all += static_cast<char>(i);
  for (size_t size = 0; size <= all.size(); ++size) {
    Bytes text = all.substr(all.size() - size);
    EXPECT_EQ(from_base64(to_base64(text)), text);
  }
}

TEST(Base64, SomethingElseIsRefused) {
  for (const char* bad :
       {"Z", "Zg", "Zg=", "Zg===", "====", "Z===", "Zg==Zg==", "Z=g=", "Zm9v\n", "Zm 9", "Zm9-", "Zm9_", "Zm\xffv"})
    EXPECT_FALSE(from_base64(bad)) << bad;
}

TEST(Base64, SpacedTexts) {
  EXPECT_EQ(from_spaced_base64(" Zm9v\r\n Zg== Zg=="), "fooff");
  EXPECT_EQ(from_spaced_base64(" \n"), "");
  for (const char* bad : {"Zm 9v", "Zm9", "Zm9v=", "Z==="}) EXPECT_FALSE(from_spaced_base64(bad)) << bad;
}

}  // namespace
}  // namespace leat
