#include "stream/group_results.h"

#include <algorithm>
#include <cmath>
#include <type_traits>

namespace leat {
namespace {

template <class T>
bool equal_values(const Column& column, uint32_t a, uint32_t b) {
  auto values = column.get<T>();
  if (values[a] == values[b]) return true;
  if constexpr (std::is_floating_point_v<T>) return std::isnan(values[a]) && std::isnan(values[b]);
  return false;
}

bool equal_rows(const Column& column, uint32_t a, uint32_t b) {
  if (!column.valid(a) || !column.valid(b)) return column.valid(a) == column.valid(b);
  switch (column.type().physical()) {
    case Physical::kBool:
      return equal_values<uint8_t>(column, a, b);
    case Physical::kInt64:
      return equal_values<int64_t>(column, a, b);
    case Physical::kDouble:
      return equal_values<double>(column, a, b);
    case Physical::kDecimal:
      return equal_values<Int128>(column, a, b);
    case Physical::kBytes:
      return equal_values<BytesView>(column, a, b);
  }
  return false;
}

}  // namespace

GroupResults::GroupResults(const Schema& schema, const GroupKeyCodec& codec, const AggregateSet& aggregates,
                           bool update_before)
    : schema_(schema), codec_(codec), aggregates_(aggregates), update_before_(update_before) {
  CHECK(schema_.size() == codec_.columns() + aggregates_.size());
}

void GroupResults::begin(Output& out, const Batch& input) {
  out_ = &out;
  input_ = &input;
  capacity_ = 0;
}

// Two rows, for the result before and the one after.
Status GroupResults::make_room() {
  if (used_ + 2 <= capacity_) return {};
  TRY(flush());
  capacity_ = std::min(kBatchRowsMax, input_->rows * 2);
  columns_.clear();
  for (const Field& field : schema_) columns_.push_back(std::make_shared<Column>(field.type, capacity_));
  return {};
}

void GroupResults::write(const GroupKey& key, const char* states, uint32_t row) {
  for (auto& column : columns_) {
    if (column->has_nulls()) column->mutable_validity()[row] = 1;  // Of a row written here before and not emitted.
  }
  std::span<const std::shared_ptr<Column>> all(columns_);
  codec_.decode(key, all.first(codec_.columns()), row);
  aggregates_.results(states, all.subspan(codec_.columns()), row);
}

bool GroupResults::same(uint32_t a, uint32_t b) const {
  return std::all_of(columns_.begin() + static_cast<ptrdiff_t>(codec_.columns()), columns_.end(),
                     [&](const auto& column) { return equal_rows(*column, a, b); });
}

void GroupResults::emit_row(RowKind kind, uint32_t input_row) {
  kinds_.push_back(kind);
  if (!input_->watermarks.empty()) watermarks_.push_back(input_->watermarks[input_row]);
  ++used_;
}

Status GroupResults::inserted(const GroupKey& key, const char* states, uint32_t input_row) {
  TRY(make_room());
  write(key, states, used_);
  emit_row(RowKind::kInsert, input_row);
  return {};
}

// The result before goes first if it is emitted, else behind, where the next row overwrites it.
Status GroupResults::before(const GroupKey& key, const char* states) {
  TRY(make_room());
  write(key, states, update_before_ ? used_ : used_ + 1);
  return {};
}

void GroupResults::updated(const GroupKey& key, const char* states, uint32_t input_row, bool quiet) {
  write(key, states, update_before_ ? used_ + 1 : used_);
  if (quiet && same(used_, used_ + 1)) return;
  if (update_before_) emit_row(RowKind::kUpdateBefore, input_row);
  emit_row(RowKind::kUpdateAfter, input_row);
}

void GroupResults::deleted(uint32_t input_row) {
  if (!update_before_) {
    for (auto& column : columns_) column->set_value(used_, column->value(used_ + 1));
  }
  emit_row(RowKind::kDelete, input_row);
}

Status GroupResults::flush() {
  if (used_ == 0) return {};
  Batch batch;
  batch.rows = used_;
  for (auto& column : columns_) {
    batch.columns.push_back(used_ == capacity_ ? column : column->gather(all_rows_view(used_)));
  }
  // A batch of new groups is plain.
  bool plain = std::all_of(kinds_.begin(), kinds_.end(), [](RowKind kind) { return kind == RowKind::kInsert; });
  if (!plain) batch.kinds = std::move(kinds_);
  batch.watermarks = std::move(watermarks_);
  kinds_.clear();
  watermarks_.clear();
  columns_.clear();
  used_ = capacity_ = 0;
  return out_->emit(std::move(batch));
}

}  // namespace leat
