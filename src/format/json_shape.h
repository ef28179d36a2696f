#pragma once
// JsonShape: what a record looks like around its values.
//
// A program that writes records writes the same keys in the same order with the same blanks between them. A shape is
// learned from a record that the general decoder has taken. Another record that has exactly this text around its
// values, and values that are plain (json_scan.h), is decoded in one pass, which sees every byte, so it is known to be
// valid. Any other record is refused and goes to the general decoder, which decides: a shape saves time and never
// changes a result. Arrays and objects are read over; where a query reads one, there is no shape.
#include <optional>
#include <vector>

#include "columnar/column.h"
#include "columnar/expr.h"
#include "format/json_cell.h"

namespace leat {

// The columns of the batch in hand, one a field.
class JsonTargets {
 public:
  enum class Kind : uint8_t { kSkip, kInteger, kReal, kBoolean, kText, kTimestamp, kDate, kTime, kDecimal };
  // Nullopt: cells of the type are read by the general decoder only.
  static std::optional<Kind> kind_of(const DataType&);

  struct Target {
    Column* column = nullptr;
    void* values = nullptr;    // The column's, of its physical type.
    int64_t min = 0, max = 0;  // kInteger.
  };
  void point_to(std::span<const std::shared_ptr<Column>> columns);
  const Target& operator[](size_t field) const { return targets_[field]; }

 private:
  std::vector<Target> targets_;
};

class JsonShape {
 public:
  // Nullopt: records like this one cannot be read by shape. `record` is one that the general decoder took.
  static std::optional<JsonShape> learn(BytesView record, const Schema& fields);

  // False: the general decoder must read it, over what was written to the row until then. The record is followed by
  // RowDecoder::kPadding readable bytes.
  bool read(BytesView record, const JsonCellContext&, const JsonTargets&, uint32_t row) const;

 private:
  // Bytes to compare with, in words: the last is masked.
  struct Text {
    static constexpr size_t kMax = 40;
    uint64_t words[kMax / 8] = {};
    uint64_t last_mask = 0;
    uint32_t count = 0, size = 0;
    static std::optional<Text> of(BytesView);
    bool matches(const char* at) const;
  };
  struct Place {
    Text before;  // From the value before on, the key included.
    JsonTargets::Kind kind = JsonTargets::Kind::kSkip;
    uint32_t field = 0;
  };

  std::vector<Place> places_;
  Text after_;
  std::vector<uint32_t> missing_;  // Fields that such records do not have: NULL.
};

}  // namespace leat
