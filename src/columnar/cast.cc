#include "columnar/cast.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "columnar/civil.h"
#include "columnar/decimal.h"
#include "columnar/function.h"
#include "columnar/nested.h"
#include "columnar/session_zone.h"
#include "columnar/text_length.h"
#include "columnar/time_text.h"

namespace leat {
namespace {

struct Run {
  const Column& from;
  Column& out;
  Selection rows;
  EvalContext& context;
  bool safe;

  void invalid(uint32_t row) const {
    out.set_null(row);
    if (safe) return;
    std::string text = value_to_text(from.value(row), from.type(), context.settings);
    constexpr size_t kShown = 200;
    if (text.size() > kShown) text = text.substr(0, prefix_bytes(text, kShown)) + "…";
    context.errors.add(row, "cast.invalid",
                       "cannot cast '" + text + "' of type " + from.type().with_nullable(true).to_string() + " to " +
                           out.type().with_nullable(true).to_string());
  }
};

// Every row, selected or not: for what cannot fail, so that the loop vectorises.
template <class In, class Out, class F>
void all_rows(const Run& run, F convert) {
  const auto from = run.from.get<In>();
  const auto to = run.out.get<Out>();
  for (size_t row = 0; row < to.size(); ++row) to[row] = convert(from[row]);
}

// The selected rows that are not NULL; `convert` gives an optional, whose absence is NULL.
template <class In, class Out, class F>
void some_rows(const Run& run, F convert) {
  const auto from = run.from.get<In>();
  const auto to = run.out.get<Out>();
  for (uint32_t row : run.rows) {
    if (!run.from.valid(row)) continue;
    if (const auto value = convert(from[row])) {
      to[row] = *value;
    } else {
      run.out.set_null(row);
    }
  }
}

int64_t wrap(int64_t value, TypeKind kind) {
  switch (kind) {
    case TypeKind::kTinyint:
      return static_cast<int8_t>(value);
    case TypeKind::kSmallint:
      return static_cast<int16_t>(value);
    case TypeKind::kInt:
      return static_cast<int32_t>(value);
    default:
      return value;
  }
}

void to_boolean(const Run& run) {
  switch (run.from.type().physical()) {
    case Physical::kInt64:
      return all_rows<int64_t, uint8_t>(run, [](int64_t v) { return uint8_t{v != 0}; });
    case Physical::kDouble:
      return all_rows<double, uint8_t>(run, [](double v) { return uint8_t{v != 0}; });
    default:
      return all_rows<Int128, uint8_t>(run, [](Int128 v) { return uint8_t{v != 0}; });
  }
}

void to_integer(const Run& run) {
  const TypeKind kind = run.out.type().kind;
  const int scale = run.from.type().scale;
  switch (run.from.type().physical()) {
    case Physical::kBool:
      return all_rows<uint8_t, int64_t>(run, [](uint8_t v) { return int64_t{v}; });
    case Physical::kInt64:
      return all_rows<int64_t, int64_t>(run, [kind](int64_t v) { return wrap(v, kind); });
    case Physical::kDouble:
      return all_rows<double, int64_t>(run, [kind](double v) { return double_to_integer(v, kind); });
    default:
      return all_rows<Int128, int64_t>(run, [=](Int128 v) { return wrap(decimal_to_int64(v, scale), kind); });
  }
}

void to_floating(const Run& run) {
  const bool narrow = run.out.type().kind == TypeKind::kFloat;
  const int scale = run.from.type().scale;
  const auto narrowed = [](double v) { return static_cast<double>(static_cast<float>(v)); };
  switch (run.from.type().physical()) {
    case Physical::kBool:
      return all_rows<uint8_t, double>(run, [](uint8_t v) { return static_cast<double>(v); });
    case Physical::kInt64:
      if (narrow) {
        return all_rows<int64_t, double>(run, [](int64_t v) { return static_cast<double>(static_cast<float>(v)); });
      }
      return all_rows<int64_t, double>(run, [](int64_t v) { return static_cast<double>(v); });
    case Physical::kDouble:
      if (narrow) return all_rows<double, double>(run, narrowed);
      return all_rows<double, double>(run, [](double v) { return v; });
    default:
      return all_rows<Int128, double>(run, [=](Int128 v) {
        const double value = decimal_to_double(v, scale);
        return narrow ? narrowed(value) : value;
      });
  }
}

void to_decimal(const Run& run) {
  const int from_scale = run.from.type().scale, precision = run.out.type().precision, scale = run.out.type().scale;
  switch (run.from.type().physical()) {
    case Physical::kBool:
      return some_rows<uint8_t, Int128>(run, [=](uint8_t v) { return rescale(v, 0, scale, precision); });
    case Physical::kInt64:
      return some_rows<int64_t, Int128>(run, [=](int64_t v) { return rescale(v, 0, scale, precision); });
    case Physical::kDouble:
      return some_rows<double, Int128>(run, [=](double v) { return decimal_from_double(v, precision, scale); });
    default:
      return some_rows<Int128, Int128>(run, [=](Int128 v) { return rescale(v, from_scale, scale, precision); });
  }
}

void parse_text(const Run& run) {
  const auto from = run.from.bytes();
  for (uint32_t row : run.rows) {
    if (!run.from.valid(row)) continue;
    const auto value = value_from_text(from[row], run.out.type(), run.context.settings);
    if (value) {
      run.out.set_value(row, *value);
    } else {
      run.invalid(row);
    }
  }
}

// Text to text and bytes to bytes share the bytes unless a length cuts or pads them.
void to_length(const Run& run) {
  const auto from = run.from.bytes();
  const auto to = run.out.bytes();
  const DataType& type = run.out.type();
  run.out.keep_alive(run.from);
  const bool unlimited = type.precision == DataType::kLengthMax;
  std::string padding;
  for (uint32_t row : run.rows) {
    if (unlimited || !run.from.valid(row)) {
      to[row] = from[row];
      continue;
    }
    const BytesView value = at_length(from[row], type, padding);
    to[row] = value.data() == padding.data() ? run.out.arena().copy(value) : value;
  }
}

void to_text(const Run& run) {
  std::string padding;
  for (uint32_t row : run.rows) {
    if (!run.from.valid(row)) continue;
    const std::string text = value_to_text(run.from.value(row), run.from.type(), run.context.settings);
    run.out.set_bytes(row, at_length(text, run.out.type(), padding));
  }
}

bool is_zoned(const DataType& type) {
  return type.kind == TypeKind::kTimestampLtz;
}

// Between DATE, TIME and the timestamps, by way of the local microseconds since the epoch.
void to_time(const Run& run) {
  const DataType& from = run.from.type();
  const DataType& to = run.out.type();
  const bool crosses = is_zoned(from) != is_zoned(to);
  const auto zone = crosses ? session_zone(run.context.settings) : nullptr;
  const int precision = to.precision;
  some_rows<int64_t, int64_t>(run, [&](int64_t value) -> std::optional<int64_t> {
    if (from.kind == TypeKind::kDate) value *= kMicrosPerDay;
    if (crosses && is_zoned(from)) value = zone->utc_to_local_micros(value);
    // As Flink does it: a TIMESTAMP before 1970 is rounded towards 1970, to the day after its own.
    if (to.kind == TypeKind::kDate) return is_zoned(from) ? floor_div(value, kMicrosPerDay) : value / kMicrosPerDay;
    if (to.kind == TypeKind::kTime) return cut_to_precision(floor_mod(value, kMicrosPerDay), precision);
    if (crosses && is_zoned(to)) value = zone->local_to_utc_micros(value);
    return truncated_timestamp(value, precision);
  });
}

// The values of one nested value as a column, cast; an error inside it is an error of the whole row.
std::optional<std::vector<Value>> cast_values(const Run& run, const std::vector<Value>& values, const DataType& from,
                                              const DataType& to) {
  const auto count = static_cast<uint32_t>(values.size());
  Column column(from, count), out(to, count);
  std::vector<uint32_t> rows(count);
  for (uint32_t i = 0; i < count; ++i) {
    rows[i] = i;
    column.set_value(i, values[i]);
  }
  RowErrors errors;
  EvalContext context{run.context.settings, errors};
  cast_column(column, out, rows, context, false);
  if (!errors.empty()) return std::nullopt;
  std::vector<Value> cast(count);
  for (uint32_t i = 0; i < count; ++i) cast[i] = out.value(i);
  return cast;
}

std::optional<Bytes> cast_nested(const Run& run, BytesView bytes) {
  const DataType& from = run.from.type();
  const DataType& to = run.out.type();
  const std::vector<Field>& source = *from.children;
  const std::vector<Field>& target = *to.children;
  if (from.kind == TypeKind::kRow) {
    std::vector<Value> fields = decode_row(bytes, from);
    for (size_t i = 0; i < fields.size(); ++i) {
      const auto cast = cast_values(run, {fields[i]}, source[i].type, target[i].type);
      if (!cast) return std::nullopt;
      fields[i] = cast->front();
    }
    return encode_values(fields);
  }
  if (from.kind == TypeKind::kArray) {
    const auto cast = cast_values(run, decode_array(bytes, source[0].type), source[0].type, target[0].type);
    if (!cast) return std::nullopt;
    return encode_array(*cast);
  }
  std::vector<Value> keys, values;
  for (auto& [key, value] : decode_map(bytes, source[0].type, source[1].type)) {
    keys.push_back(std::move(key));
    values.push_back(std::move(value));
  }
  const auto cast_keys = cast_values(run, keys, source[0].type, target[0].type);
  const auto cast_entries = cast_values(run, values, source[1].type, target[1].type);
  if (!cast_keys || !cast_entries) return std::nullopt;
  std::vector<std::pair<Value, Value>> entries;
  for (size_t i = 0; i < keys.size(); ++i) entries.emplace_back((*cast_keys)[i], (*cast_entries)[i]);
  return encode_map(std::move(entries));
}

void to_nested(const Run& run) {
  const auto from = run.from.bytes();
  for (uint32_t row : run.rows) {
    if (!run.from.valid(row)) continue;
    if (const auto bytes = cast_nested(run, from[row])) {
      run.out.set_bytes(row, *bytes);
    } else {
      run.invalid(row);
    }
  }
}

void dispatch(const Run& run) {
  const DataType& from = run.from.type();
  const DataType& to = run.out.type();
  if (to.is_text()) return from.is_text() ? to_length(run) : to_text(run);
  if (to.is_binary()) return to_length(run);
  if (from.is_text()) return parse_text(run);
  if (to.is_nested()) return to_nested(run);
  if (to.kind == TypeKind::kBoolean) return to_boolean(run);
  if (to.is_integer()) return to_integer(run);
  if (to.kind == TypeKind::kDecimal) return to_decimal(run);
  if (to.physical() == Physical::kDouble) return to_floating(run);
  if (to.is_interval()) return all_rows<int64_t, int64_t>(run, [](int64_t v) { return v; });
  to_time(run);
}

}  // namespace

int64_t double_to_integer(double value, TypeKind kind) {
  const bool wide = kind == TypeKind::kBigint;
  if (std::isnan(value)) return 0;
  const double low = wide ? -0x1p63 : -0x1p31;
  const double high = wide ? 0x1p63 : 0x1p31;
  if (value <= low) return wide ? INT64_MIN : wrap(INT32_MIN, kind);
  if (value >= high) return wide ? INT64_MAX : wrap(INT32_MAX, kind);
  return wrap(static_cast<int64_t>(value), kind);
}

void cast_column(const Column& from, Column& out, Selection rows, EvalContext& context, bool safe) {
  CHECK(can_cast(from.type(), out.type()));
  if (from.type().kind == TypeKind::kNull) {
    std::ranges::fill(out.mutable_validity(), uint8_t{0});
    return;
  }
  if (from.has_nulls()) std::ranges::copy(from.validity(), out.mutable_validity().begin());
  if (from.type().physical() == Physical::kBool && out.type().kind == TypeKind::kBoolean) {
    std::ranges::copy(from.bools(), out.bools().begin());
    return;
  }
  dispatch({from, out, rows, context, safe});
}

}  // namespace leat
