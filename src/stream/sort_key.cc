#include "stream/sort_key.h"

#include <bit>
#include <cmath>
#include <limits>

namespace leat {
namespace {

// Big-endian, so that memcmp compares numbers.
template <class T>
void append_ordered(T value, Bytes& out) {
  for (int shift = (static_cast<int>(sizeof(T)) - 1) * 8; shift >= 0; shift -= 8) {
    out.push_back(static_cast<char>(value >> shift));
  }
}

// Negative doubles have all bits turned, the others the sign: then they order as integers. NaN is above all.
uint64_t ordered_bits(double value) {
  if (value == 0) value = 0;
  if (std::isnan(value)) return std::numeric_limits<uint64_t>::max();
  auto bits = std::bit_cast<uint64_t>(value);
  return bits >> 63 != 0 ? ~bits : bits | uint64_t{1} << 63;
}

void append_value(const Column& column, uint32_t row, Bytes& out) {
  switch (column.type().physical()) {
    case Physical::kBool:
      out.push_back(column.bools()[row] != 0 ? 1 : 0);
      return;
    case Physical::kInt64:
      return append_ordered(static_cast<uint64_t>(column.ints()[row]) ^ uint64_t{1} << 63, out);
    case Physical::kDouble:
      return append_ordered(ordered_bits(column.doubles()[row]), out);
    case Physical::kDecimal: {
      Int128 value = column.decimals()[row];
      append_ordered(static_cast<uint64_t>(value >> 64) ^ uint64_t{1} << 63, out);
      return append_ordered(static_cast<uint64_t>(value), out);
    }
    case Physical::kBytes:
      // A zero byte is 0 1 and the end is 0 0, so that a prefix is less than what it is a prefix of.
      for (char c : column.bytes()[row]) {
        out.push_back(c);
        if (c == 0) out.push_back(1);
      }
      out.append(2, '\0');
      return;
  }
}

void write_value(const Column& column, uint32_t row, ValueWriter& out) {
  if (!column.valid(row)) return out.null();
  switch (column.type().physical()) {
    case Physical::kBool:
      return out.boolean(column.bools()[row] != 0);
    case Physical::kInt64:
      return out.int64(column.ints()[row]);
    case Physical::kDouble:
      return out.float64(column.doubles()[row]);
    case Physical::kDecimal:
      return out.decimal(column.decimals()[row]);
    case Physical::kBytes:
      return out.bytes(column.bytes()[row]);
  }
}

void read_value(ValueReader& in, Column& column, uint32_t row) {
  if (!in.present()) return column.set_null(row);
  switch (column.type().physical()) {
    case Physical::kBool:
      column.bools()[row] = in.boolean() ? 1 : 0;
      return;
    case Physical::kInt64:
      column.ints()[row] = in.int64();
      return;
    case Physical::kDouble:
      column.doubles()[row] = in.float64();
      return;
    case Physical::kDecimal:
      column.decimals()[row] = in.decimal();
      return;
    case Physical::kBytes:
      return column.set_bytes(row, in.bytes());
  }
}

}  // namespace

void append_sort_key(const std::vector<SortKey>& keys, const Batch& batch, uint32_t row, Bytes& out) {
  for (const SortKey& key : keys) {
    const Column& column = *batch.columns[key.column];
    bool is_null = !column.valid(row);
    out.push_back(is_null == key.nulls_first ? 0 : 1);
    if (is_null) continue;
    size_t begin = out.size();
    append_value(column, row, out);
    if (!key.descending) continue;
    for (size_t i = begin; i < out.size(); ++i) out[i] = static_cast<char>(~out[i]);
  }
}

void append_row(const Batch& batch, uint32_t row, Bytes& out) {
  ValueWriter writer(out);
  for (const ColumnPtr& column : batch.columns) {
    if (column) {
      write_value(*column, row, writer);
    } else {
      writer.null();
    }
  }
}

Batch read_rows(std::span<const BytesView> rows, const Schema& schema) {
  Batch batch;
  batch.rows = static_cast<uint32_t>(rows.size());
  std::vector<std::shared_ptr<Column>> columns;
  for (const Field& field : schema) columns.push_back(std::make_shared<Column>(field.type, batch.rows));
  for (uint32_t row = 0; row < batch.rows; ++row) {
    ValueReader reader(rows[row]);
    for (auto& column : columns) read_value(reader, *column, row);
  }
  batch.columns.assign(columns.begin(), columns.end());
  return batch;
}

}  // namespace leat
