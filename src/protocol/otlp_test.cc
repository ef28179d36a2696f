#include "protocol/otlp.h"

#include <gtest/gtest.h>

#include <cstring>
#include <map>

namespace leat {
namespace {

Bytes message(int number, const Bytes& content) {
  Bytes out;
  out += static_cast<char>(number << 3 | 2);
  auto size = content.size();
  for (; size >= 0x80; size >>= 7) out += static_cast<char>(size | 0x80);
  out += static_cast<char>(size);
  return out + content;
}

Bytes fixed64(int number, uint64_t bits) {
  Bytes out(1, static_cast<char>(number << 3 | 1));
  for (int i = 0; i < 8; ++i) out += static_cast<char>(bits >> (8 * i));
  return out;
}

Bytes bits_of(int number, double value) {
  uint64_t bits;
  std::memcpy(&bits, &value, sizeof bits);
  return fixed64(number, bits);
}

Bytes metrics(const Bytes& metric) {
  return message(1, message(1, "resource") + message(2, message(1, "scope") + message(2, metric)));
}

std::map<std::string, double> read(const Bytes& bytes) {
  std::map<std::string, double> out;
  EXPECT_TRUE(visit_metrics(bytes, [&](BytesView name, double value) { out[std::string(name)] = value; }));
  return out;
}

TEST(Otlp, ReadsGaugesAndSums) {
  Bytes gauge = message(1, "idle") + message(3, "1") + message(5, message(1, fixed64(3, 77) + bits_of(4, 0.25)));
  Bytes sum = message(7, message(1, fixed64(6, 42))) + message(1, "count");
  Bytes histogram = message(1, "spread") + message(9, message(1, fixed64(4, 1)));
  EXPECT_EQ(read(metrics(gauge) + metrics(sum) + metrics(histogram)),
            (std::map<std::string, double>{{"idle", 0.25}, {"count", 42}}));
  EXPECT_TRUE(read("").empty());
}

TEST(Otlp, RefusesWhatIsCutOff) {
  Bytes whole = metrics(message(1, "idle") + message(5, message(1, bits_of(4, 1))));
  for (size_t size = 1; size < whole.size(); ++size) {
    EXPECT_FALSE(visit_metrics(BytesView(whole).substr(0, size), [](BytesView, double) {})) << size;
  }
  EXPECT_FALSE(visit_metrics(Bytes(12, '\xff'), [](BytesView, double) {}));
  EXPECT_FALSE(visit_metrics("\x0b", [](BytesView, double) {}));  // A group, which nobody writes any more.
}

TEST(Otlp, PassesOverNamesThatAreTooLong) {
  auto named = [](size_t size) {
    return metrics(message(1, Bytes(size, 'n')) + message(5, message(1, fixed64(6, 1))));
  };
  EXPECT_EQ(read(named(kOtlpNameMax)).size(), 1u);
  EXPECT_EQ(read(named(kOtlpNameMax + 1)).size(), 0u);
}

}  // namespace
}  // namespace leat
