#pragma once
// One field of a datagen table: its options, and its value in row n.
#include <cstdint>
#include <memory>
#include <string>

#include "columnar/column.h"
#include "format/options.h"

namespace leat {

class DatagenField {
 public:
  // What of a row's time every field shares.
  struct RowTime {
    int64_t micros;  // When row n is due: the start of the job's data plus n / rows-per-second.
  };
  virtual ~DatagenField() = default;
  virtual void fill(Column& out, uint32_t row, uint64_t bits, uint64_t number, RowTime) const = 0;
  virtual int64_t rows_max() const { return -1; }  // A sequence ends; -1: never.
};

// Reads 'fields.<name>.*' through `reader`.
Result<std::unique_ptr<DatagenField>> make_datagen_field(const Field&, OptionReader& reader);

// A good 64-bit mix (splitmix64) of the seed, the row and the field.
uint64_t datagen_bits(uint64_t seed, uint64_t row, uint64_t field);

}  // namespace leat
