// Hostile bytes as CSV: records are found, split and decoded without a crash, and none of the bytes is lost.
#include <cstdint>
#include <cstring>
#include <memory>
#include <vector>

#include "base/check.h"
#include "format/format.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace leat;
  static const EvalSettings settings;
  static const Schema fields = {{"i", DataType::integer()},
                                {"s", DataType::string()},
                                {"a", DataType::array(DataType::integer())},
                                {"t", DataType::timestamp(3)}};
  static auto plain = make_decoder("csv", {}, fields, fields, settings);
  static auto lenient = make_decoder(
      "csv", {{"csv.ignore-parse-errors", "true"}, {"csv.escape-character", "\\"}, {"csv.null-literal", "N"}}, fields,
      fields, settings);
  CHECK(plain && lenient);
  std::shared_ptr<char[]> buffer(new char[size + RowDecoder::kPadding]());
  if (size > 0) std::memcpy(buffer.get(), data, size);
  BytesView record(buffer.get(), size);
  for (auto* decoder : {plain->get(), lenient->get()}) {
    Decoded decoded = decoder->decode(std::span(&record, 1), buffer);
    CHECK(decoded.good.size() + decoded.failures.size() <= 1);
  }
  return 0;
}
