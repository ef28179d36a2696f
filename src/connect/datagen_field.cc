#include "connect/datagen_field.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <limits>

#include "columnar/civil.h"
#include "columnar/nested.h"
#include "columnar/time_text.h"

namespace leat {
namespace {

__extension__ typedef unsigned __int128 UInt128;

uint64_t mix(uint64_t x) {
  x += 0x9e3779b97f4a7c15;
  x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9;
  x = (x ^ (x >> 27)) * 0x94d049bb133111eb;
  return x ^ (x >> 31);
}

double unit(uint64_t bits) {
  return static_cast<double>(bits >> 11) * 0x1.0p-53;
}

// NULL with a given share.
class WithNulls final : public DatagenField {
 public:
  WithNulls(std::unique_ptr<DatagenField> inner, double rate) : inner_(std::move(inner)), rate_(rate) {}
  void fill(Column& out, uint32_t row, uint64_t bits, uint64_t number, RowTime time) const override {
    if (unit(mix(bits)) < rate_)
      out.set_null(row);
    else
      inner_->fill(out, row, bits, number, time);
  }

 private:
  std::unique_ptr<DatagenField> inner_;
  double rate_;
};

class Sequence final : public DatagenField {
 public:
  Sequence(int64_t start, int64_t end) : start_(start), end_(end) {}
  void fill(Column& out, uint32_t row, uint64_t, uint64_t number, RowTime) const override {
    int64_t value = start_ + static_cast<int64_t>(number);
    if (out.type().physical() == Physical::kInt64)
      out.ints()[row] = value;
    else
      out.set_bytes(row, std::to_string(value));
  }
  int64_t rows_max() const override { return end_ - start_ + 1; }

 private:
  int64_t start_, end_;
};

class RandomInteger final : public DatagenField {
 public:
  RandomInteger(int64_t min, int64_t max)
      : min_(min), range_(static_cast<uint64_t>(max) - static_cast<uint64_t>(min) + 1) {}
  void fill(Column& out, uint32_t row, uint64_t bits, uint64_t, RowTime) const override {
    out.ints()[row] = pick(bits);
  }
  int64_t pick(uint64_t bits) const {
    uint64_t offset = range_ == 0 ? bits : static_cast<uint64_t>((static_cast<UInt128>(bits) * range_) >> 64);
    return static_cast<int64_t>(static_cast<uint64_t>(min_) + offset);
  }

 private:
  int64_t min_;
  uint64_t range_;  // 0: all of them.
};

class RandomDouble final : public DatagenField {
 public:
  RandomDouble(double min, double max) : min_(min), max_(max) {}
  void fill(Column& out, uint32_t row, uint64_t bits, uint64_t, RowTime) const override {
    double value = min_ + (max_ - min_) * unit(bits);
    out.doubles()[row] = out.type().kind == TypeKind::kFloat ? static_cast<double>(static_cast<float>(value)) : value;
  }

 private:
  double min_, max_;
};

class RandomDecimal final : public DatagenField {
 public:
  // Unscaled, at most 18 digits of them.
  RandomDecimal(int64_t min, int64_t max) : whole_(min, max) {}
  void fill(Column& out, uint32_t row, uint64_t bits, uint64_t, RowTime) const override {
    out.decimals()[row] = whole_.pick(bits);
  }

 private:
  RandomInteger whole_;
};

class RandomBoolean final : public DatagenField {
 public:
  void fill(Column& out, uint32_t row, uint64_t bits, uint64_t, RowTime) const override { out.bools()[row] = bits & 1; }
};

class RandomText final : public DatagenField {
 public:
  RandomText(size_t length, bool varies) : length_(length), varies_(varies) {}
  void fill(Column& out, uint32_t row, uint64_t bits, uint64_t, RowTime) const override {
    static constexpr char kHex[] = "0123456789abcdef";
    size_t length = varies_ ? 1 + static_cast<size_t>(unit(bits) * static_cast<double>(length_)) : length_;
    char* text = out.arena().allocate(length);
    for (size_t i = 0; i < length; ++i) {
      if (i % 16 == 0) bits = mix(bits);
      text[i] = kHex[bits >> (4 * (i % 16)) & 15];
    }
    out.bytes()[row] = {text, length};
  }

 private:
  size_t length_;
  bool varies_;
};

// The day, or the time of the day, of the row's own time.
class DateOrTime final : public DatagenField {
 public:
  void fill(Column& out, uint32_t row, uint64_t, uint64_t, RowTime time) const override {
    bool day = out.type().kind == TypeKind::kDate;
    out.ints()[row] = day ? floor_div(time.micros, kMicrosPerDay)
                          : cut_to_precision(floor_mod(time.micros, kMicrosPerDay), out.type().precision);
  }
};

// Values within values: each is made in a column of one row.
class NestedField final : public DatagenField {
 public:
  NestedField(const DataType& type, std::vector<std::unique_ptr<DatagenField>> children, size_t length)
      : type_(type), children_(std::move(children)), length_(length) {}

  void fill(Column& out, uint32_t row, uint64_t bits, uint64_t number, RowTime time) const override {
    if (type_.kind == TypeKind::kArray) {
      std::vector<Value> elements;
      for (size_t i = 0; i < length_; ++i) elements.push_back(make(0, bits = mix(bits), number, time));
      out.set_bytes(row, encode_array(elements));
    } else if (type_.kind == TypeKind::kMap) {
      std::vector<std::pair<Value, Value>> entries;
      for (size_t i = 0; i < length_; ++i) {
        Value key = make(0, bits = mix(bits), number, time);
        entries.emplace_back(std::move(key), make(1, bits = mix(bits), number, time));
      }
      out.set_bytes(row, encode_map(std::move(entries)));
    } else {
      std::vector<Value> values;
      for (size_t i = 0; i < children_.size(); ++i) values.push_back(make(i, bits = mix(bits), number, time));
      out.set_bytes(row, encode_values(values));
    }
  }

 private:
  Value make(size_t child, uint64_t bits, uint64_t number, RowTime time) const {
    Column cell((*type_.children)[child].type, 1);
    children_[child]->fill(cell, 0, bits, number, time);
    return cell.value(0);
  }

  DataType type_;
  std::vector<std::unique_ptr<DatagenField>> children_;
  size_t length_;
};

// The row's own time, back by up to `late_max` for a share of the rows, and by up to `past_max` for all.
class EventTimeField final : public DatagenField {
 public:
  EventTimeField(double late_share, int64_t late_max_ms, int64_t past_max_ms)
      : late_share_(late_share), late_max_ms_(late_max_ms), past_max_ms_(past_max_ms) {}
  void fill(Column& out, uint32_t row, uint64_t bits, uint64_t, RowTime time) const override {
    int64_t back = 0;
    if (late_max_ms_ > 0 && unit(bits) < late_share_) back += within(mix(bits), late_max_ms_);
    if (past_max_ms_ > 0) back += within(mix(bits + 1), past_max_ms_);
    out.ints()[row] = time.micros - back * 1000;
  }

 private:
  static int64_t within(uint64_t bits, int64_t max) {
    return static_cast<int64_t>(unit(bits) * static_cast<double>(max)) + 1;
  }
  double late_share_;
  int64_t late_max_ms_, past_max_ms_;
};

Result<std::optional<double>> real_option(OptionReader& reader, const std::string& name) {
  std::string text = reader.text(name, "");
  if (text.empty()) return std::optional<double>();
  double value = 0;
  auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error == std::errc() && end == text.data() + text.size() && std::isfinite(value))
    return std::optional<double>(value);
  return Error{Errc::kInvalidArgument, "'" + name + "' = '" + text + "': expected a number"};
}

Result<std::unique_ptr<DatagenField>> make_sequence(const Field& field, const std::string& prefix,
                                                    OptionReader& reader) {
  TRY_ASSIGN(auto start, reader.integer(prefix + "start"));
  TRY_ASSIGN(auto end, reader.integer(prefix + "end"));
  if (!start || !end || *end < *start) {
    return Error{Errc::kInvalidArgument, "a sequence needs '" + prefix + "start' and '" + prefix + "end'"};
  }
  if (field.type.physical() != Physical::kInt64 && !field.type.is_text()) {
    return Error{Errc::kInvalidArgument, "column '" + field.name + "': a sequence is of whole numbers or text"};
  }
  return std::unique_ptr<DatagenField>(std::make_unique<Sequence>(*start, *end));
}

std::string bad_range(const std::string& prefix, const DataType& type) {
  return "'" + prefix + "min' and '" + prefix + "max' do not fit each other or " + type.to_string();
}

Result<std::unique_ptr<DatagenField>> make_random_number(const Field& field, const std::string& prefix,
                                                         OptionReader& reader) {
  if (field.type.is_integer()) {
    static constexpr int64_t kMax[] = {INT8_MAX, INT16_MAX, INT32_MAX, INT64_MAX};
    int64_t type_max = kMax[static_cast<size_t>(field.type.kind) - static_cast<size_t>(TypeKind::kTinyint)];
    TRY_ASSIGN(auto min, reader.integer(prefix + "min"));
    TRY_ASSIGN(auto max, reader.integer(prefix + "max"));
    int64_t low = min.value_or(-type_max - 1), high = max.value_or(type_max);
    if (low > high || low < -type_max - 1 || high > type_max) {
      return Error{Errc::kInvalidArgument, bad_range(prefix, field.type)};
    }
    return std::unique_ptr<DatagenField>(std::make_unique<RandomInteger>(low, high));
  }
  TRY_ASSIGN(auto min, real_option(reader, prefix + "min"));
  TRY_ASSIGN(auto max, real_option(reader, prefix + "max"));
  bool is_float = field.type.kind == TypeKind::kFloat;
  // Java's Double.MIN_VALUE, Flink's default, is the smallest that is positive.
  double low = min.value_or(is_float ? static_cast<double>(std::numeric_limits<float>::denorm_min())
                                     : std::numeric_limits<double>::denorm_min());
  double high = max.value_or(is_float ? static_cast<double>(std::numeric_limits<float>::max())
                                      : std::numeric_limits<double>::max());
  if (low > high || !std::isfinite(high - low)) return Error{Errc::kInvalidArgument, bad_range(prefix, field.type)};
  return std::unique_ptr<DatagenField>(std::make_unique<RandomDouble>(low, high));
}

Result<std::unique_ptr<DatagenField>> make_random_decimal(const Field& field, const std::string& prefix,
                                                          OptionReader& reader) {
  TRY_ASSIGN(auto min, real_option(reader, prefix + "min"));
  TRY_ASSIGN(auto max, real_option(reader, prefix + "max"));
  double unscaled = std::pow(10.0, field.type.scale);
  double bound = std::pow(10.0, std::min(field.type.precision, 18)) - 1;
  double low = std::round(min.value_or(0) * unscaled), high = std::round(max.value_or(bound / unscaled) * unscaled);
  if (low > high || low < -bound || high > bound) {
    return Error{Errc::kInvalidArgument, bad_range(prefix, field.type)};
  }
  return std::unique_ptr<DatagenField>(
      std::make_unique<RandomDecimal>(static_cast<int64_t>(low), static_cast<int64_t>(high)));
}

// The options of what is inside have its place in their names: fields.a.element.min, fields.m.key.length,
// fields.r.f0.min.
Result<std::unique_ptr<DatagenField>> make_nested(const Field& field, const std::string& prefix, OptionReader& reader) {
  constexpr int64_t kLengthDefault = 100, kLengthMax = 1 << 16;
  const DataType& type = field.type;
  std::vector<std::unique_ptr<DatagenField>> children;
  for (size_t i = 0; i < type.children->size(); ++i) {
    std::string inner = type.kind == TypeKind::kArray ? "element"
                        : type.kind == TypeKind::kMap ? (i == 0 ? "key" : "value")
                                                      : (*type.children)[i].name;
    TRY_ASSIGN(auto made, make_datagen_field({field.name + "." + inner, (*type.children)[i].type}, reader));
    children.push_back(std::move(made));
  }
  int64_t length = kLengthDefault;
  if (type.kind != TypeKind::kRow) {
    TRY_ASSIGN(auto given, reader.integer(prefix + "length"));
    length = given.value_or(length);
    if (length < 0 || length > kLengthMax) {
      return Error{Errc::kInvalidArgument, "'" + prefix + "length': expected 0 to " + std::to_string(kLengthMax)};
    }
  }
  return std::unique_ptr<DatagenField>(
      std::make_unique<NestedField>(type, std::move(children), static_cast<size_t>(length)));
}

Result<std::unique_ptr<DatagenField>> make_random(const Field& field, const std::string& prefix, OptionReader& reader) {
  const DataType& type = field.type;
  if (type.is_integer() || type.physical() == Physical::kDouble) return make_random_number(field, prefix, reader);
  if (type.kind == TypeKind::kBoolean) return std::unique_ptr<DatagenField>(std::make_unique<RandomBoolean>());
  if (type.kind == TypeKind::kDecimal) return make_random_decimal(field, prefix, reader);
  if (type.is_nested()) return make_nested(field, prefix, reader);
  if (type.kind == TypeKind::kDate || type.kind == TypeKind::kTime) {
    return std::unique_ptr<DatagenField>(std::make_unique<DateOrTime>());
  }
  if (type.is_timestamp()) {
    TRY_ASSIGN(auto share, real_option(reader, prefix + "late-share"));
    TRY_ASSIGN(auto late_max, reader.duration_ms(prefix + "late-max"));
    TRY_ASSIGN(auto past, reader.duration_ms(prefix + "max-past"));
    if (share.value_or(0) < 0 || share.value_or(0) > 1) {
      return Error{Errc::kInvalidArgument, "'" + prefix + "late-share': expected a share between 0 and 1"};
    }
    if (share.has_value() != late_max.has_value()) {
      return Error{Errc::kInvalidArgument, "'" + prefix + "late-share' and '" + prefix + "late-max' go together"};
    }
    return std::unique_ptr<DatagenField>(
        std::make_unique<EventTimeField>(share.value_or(0), late_max.value_or(0), past.value_or(0)));
  }
  if (type.is_text() || type.is_binary()) {
    TRY_ASSIGN(auto length, reader.integer(prefix + "length"));
    TRY_ASSIGN(bool varies, reader.flag(prefix + "var-len", false));
    int64_t fallback = type.precision < DataType::kLengthMax ? type.precision : 100;
    int64_t size = length.value_or(fallback);
    if (size < 1 || size > (1 << 20)) {
      return Error{Errc::kInvalidArgument, "'" + prefix + "length': expected 1 to 1048576"};
    }
    return std::unique_ptr<DatagenField>(std::make_unique<RandomText>(static_cast<size_t>(size), varies));
  }
  return Error{Errc::kUnsupported, "column '" + field.name + "': datagen does not make " + type.to_string()};
}

}  // namespace

uint64_t datagen_bits(uint64_t seed, uint64_t row, uint64_t field) {
  return mix(mix(seed ^ (field << 56)) + row);
}

Result<std::unique_ptr<DatagenField>> make_datagen_field(const Field& field, OptionReader& reader) {
  std::string prefix = "fields." + field.name + ".";
  TRY_ASSIGN(std::string kind, reader.one_of(prefix + "kind", {"random", "sequence"}, "random"));
  TRY_ASSIGN(auto null_rate, real_option(reader, prefix + "null-rate"));
  TRY_ASSIGN(auto made, kind == "sequence" ? make_sequence(field, prefix, reader) : make_random(field, prefix, reader));
  if (!null_rate || *null_rate <= 0) return made;
  if (!field.type.nullable) {
    return Error{Errc::kInvalidArgument, "'" + prefix + "null-rate': the column is NOT NULL"};
  }
  return std::unique_ptr<DatagenField>(std::make_unique<WithNulls>(std::move(made), *null_rate));
}

}  // namespace leat
