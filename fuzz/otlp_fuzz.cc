// Hostile bytes as a client's metrics: never a crash, and nothing outside of them is read.
#include <cstdint>

#include "base/check.h"
#include "protocol/otlp.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace leat;
  BytesView bytes(reinterpret_cast<const char*>(data), size);
  size_t points = 0;
  (void)visit_metrics(bytes, [&](BytesView name, double) {
    CHECK(!name.empty() && name.size() <= kOtlpNameMax);
    ++points;
  });
  CHECK(points <= size);
  return 0;
}
