#pragma once
// Column: the values of one field over the rows of a batch.
//
// Lifecycle: made with a row count, filled by its maker, then shared as ColumnPtr (const) between batches.
// Bytes values are views; the column keeps what they point into alive (its own arena, or owners it was given).
// A value at a null row is unspecified but initialised.
#include <memory>
#include <span>
#include <variant>
#include <vector>

#include "base/check.h"
#include "base/types.h"
#include "columnar/type.h"
#include "columnar/value.h"

namespace leat {

// Grows in blocks; what it handed out never moves.
class Arena {
 public:
  BytesView copy(BytesView);
  char* allocate(size_t bytes);  // Uninitialised, unaligned.
  size_t size() const { return size_; }

 private:
  static constexpr size_t kBlockBytes = 16 * 1024;
  std::vector<std::unique_ptr<char[]>> blocks_;
  char* next_ = nullptr;
  size_t left_ = 0, size_ = 0;
};

class Column {
 public:
  Column(DataType type, uint32_t rows);

  const DataType& type() const { return type_; }
  uint32_t size() const { return rows_; }

  // Each only for the matching physical type.
  std::span<uint8_t> bools() { return get<uint8_t>(); }
  std::span<int64_t> ints() { return get<int64_t>(); }
  std::span<double> doubles() { return get<double>(); }
  std::span<Int128> decimals() { return get<Int128>(); }
  std::span<BytesView> bytes() { return get<BytesView>(); }
  std::span<const uint8_t> bools() const { return get<uint8_t>(); }
  std::span<const int64_t> ints() const { return get<int64_t>(); }
  std::span<const double> doubles() const { return get<double>(); }
  std::span<const Int128> decimals() const { return get<Int128>(); }
  std::span<const BytesView> bytes() const { return get<BytesView>(); }
  template <class T>
  std::span<T> get() {
    auto* values = std::get_if<std::vector<T>>(&values_);
    CHECK(values != nullptr);
    return *values;
  }
  template <class T>
  std::span<const T> get() const {
    const auto* values = std::get_if<std::vector<T>>(&values_);
    CHECK(values != nullptr);
    return *values;
  }

  // One byte a row, 1: valid. Empty while no row is null, so kernels have a fast path.
  bool has_nulls() const { return !valid_.empty(); }
  bool valid(uint32_t row) const { return valid_.empty() || valid_[row] != 0; }
  std::span<const uint8_t> validity() const { return valid_; }
  std::span<uint8_t> mutable_validity();  // Makes it, all valid, if there is none.
  void set_null(uint32_t row) { mutable_validity()[row] = 0; }

  void set_bytes(uint32_t row, BytesView copied) { bytes()[row] = arena().copy(copied); }
  Arena& arena();
  void keep_alive(std::shared_ptr<const void> owner) { owners_.push_back(std::move(owner)); }
  void keep_alive(const Column& other);  // Everything that `other` keeps alive.

  Value value(uint32_t row) const;
  void set_value(uint32_t row, const Value&);

  // The chosen rows, in that order; views are shared, not copied.
  std::shared_ptr<Column> gather(std::span<const uint32_t> rows) const;
  static std::shared_ptr<const Column> constant(const DataType&, const Value&, uint32_t rows);

 private:
  DataType type_;
  uint32_t rows_;
  std::variant<std::vector<uint8_t>, std::vector<int64_t>, std::vector<double>, std::vector<Int128>,
               std::vector<BytesView>>
      values_;
  std::vector<uint8_t> valid_;
  std::shared_ptr<Arena> arena_;
  std::vector<std::shared_ptr<const void>> owners_;
};

using ColumnPtr = std::shared_ptr<const Column>;

}  // namespace leat
