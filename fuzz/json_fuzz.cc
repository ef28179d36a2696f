// Hostile bytes as JSON rows: never a crash, never a hang, every row is good, bad or blank.
#include <cstdint>
#include <cstring>
#include <memory>

#include "base/check.h"
#include "format/format.h"

namespace leat {
namespace {

Schema fields() {
  DataType row = DataType::row({{"a", DataType::integer()}, {"b", DataType::array(DataType::string())}});
  return {{"i", DataType::integer()},
          {"s", DataType::string()},
          {"d", DataType::float64()},
          {"t", DataType::timestamp(3)},
          {"m", DataType::decimal(10, 2)},
          {"r", row},
          {"p", DataType::map(DataType::string(), DataType::bigint())},
          {"y", DataType::bytes()}};
}

}  // namespace
}  // namespace leat

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace leat;
  static const EvalSettings settings;
  static auto decoder = make_decoder("json", {}, fields(), fields(), settings);
  CHECK(decoder);
  std::shared_ptr<char[]> buffer(new char[size + RowDecoder::kPadding]());
  if (size > 0) std::memcpy(buffer.get(), data, size);
  BytesView record(buffer.get(), size);
  Decoded decoded = (*decoder)->decode(std::span(&record, 1), buffer);
  CHECK(decoded.good.size() + decoded.failures.size() <= 1);
  for (const ColumnPtr& column : decoded.columns) {
    CHECK(column->size() == decoded.good.size());
    Bytes text;
    for (uint32_t row = 0; row < column->size(); ++row) append_json(*column, row, settings, text);
  }
  return 0;
}
