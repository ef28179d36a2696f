#include "columnar/column.h"

#include <algorithm>
#include <cstring>

namespace leat {

char* Arena::allocate(size_t bytes) {
  if (bytes > left_) {
    // A large value gets a block of its own, so that it does not waste the rest of the current one.
    const bool alone = bytes > kBlockBytes / 4;
    blocks_.push_back(std::make_unique_for_overwrite<char[]>(alone ? bytes : kBlockBytes));
    size_ += bytes;
    char* block = blocks_.back().get();
    if (alone) return block;
    next_ = block + bytes;
    left_ = kBlockBytes - bytes;
    return block;
  }
  char* place = next_;
  next_ += bytes;
  left_ -= bytes;
  size_ += bytes;
  return place;
}

BytesView Arena::copy(BytesView bytes) {
  if (bytes.empty()) return {};
  char* place = allocate(bytes.size());
  std::memcpy(place, bytes.data(), bytes.size());
  return {place, bytes.size()};
}

Column::Column(DataType type, uint32_t rows) : type_(std::move(type)), rows_(rows) {
  switch (type_.physical()) {
    case Physical::kBool:
      values_.emplace<0>(rows);
      return;
    case Physical::kInt64:
      values_.emplace<1>(rows);
      return;
    case Physical::kDouble:
      values_.emplace<2>(rows);
      return;
    case Physical::kDecimal:
      values_.emplace<3>(rows);
      return;
    case Physical::kBytes:
      values_.emplace<4>(rows);
      return;
  }
}

std::span<uint8_t> Column::mutable_validity() {
  if (valid_.empty()) valid_.assign(rows_, 1);
  return valid_;
}

Arena& Column::arena() {
  if (!arena_) arena_ = std::make_shared<Arena>();
  return *arena_;
}

void Column::keep_alive(const Column& other) {
  if (other.arena_) owners_.push_back(other.arena_);
  owners_.insert(owners_.end(), other.owners_.begin(), other.owners_.end());
}

Value Column::value(uint32_t row) const {
  CHECK(row < rows_);
  if (!valid(row)) return {};
  switch (type_.physical()) {
    case Physical::kBool:
      return {bools()[row] != 0};
    case Physical::kInt64:
      return {ints()[row]};
    case Physical::kDouble:
      return {doubles()[row]};
    case Physical::kDecimal:
      return {decimals()[row]};
    case Physical::kBytes:
      return {Bytes(bytes()[row])};
  }
  return {};
}

void Column::set_value(uint32_t row, const Value& value) {
  CHECK(row < rows_);
  if (value.is_null()) return set_null(row);
  if (!valid_.empty()) valid_[row] = 1;
  switch (value.data.index()) {
    case 1:
      bools()[row] = *std::get_if<bool>(&value.data);
      return;
    case 2:
      ints()[row] = *std::get_if<int64_t>(&value.data);
      return;
    case 3:
      doubles()[row] = *std::get_if<double>(&value.data);
      return;
    case 4:
      decimals()[row] = *std::get_if<Int128>(&value.data);
      return;
    default:
      set_bytes(row, *std::get_if<std::string>(&value.data));
  }
}

std::shared_ptr<Column> Column::gather(std::span<const uint32_t> rows) const {
  auto out = std::make_shared<Column>(type_, static_cast<uint32_t>(rows.size()));
  std::visit(
      [&](const auto& from) {
        auto& to = *std::get_if<std::remove_cvref_t<decltype(from)>>(&out->values_);
        for (size_t i = 0; i < rows.size(); ++i) to[i] = from[rows[i]];
      },
      values_);
  if (!valid_.empty()) {
    bool any_null = false;
    for (uint32_t row : rows) any_null |= valid_[row] == 0;
    if (any_null) {
      out->valid_.resize(rows.size());
      for (size_t i = 0; i < rows.size(); ++i) out->valid_[i] = valid_[rows[i]];
    }
  }
  if (type_.physical() == Physical::kBytes) out->keep_alive(*this);
  return out;
}

std::shared_ptr<const Column> Column::constant(const DataType& type, const Value& value, uint32_t rows) {
  auto out = std::make_shared<Column>(type, rows);
  if (rows == 0) return out;
  if (value.is_null()) {
    std::ranges::fill(out->mutable_validity(), uint8_t{0});
    return out;
  }
  out->set_value(0, value);
  std::visit([](auto& values) { std::fill(values.begin() + 1, values.end(), values.front()); }, out->values_);
  return out;
}

}  // namespace leat
