// Values as text, the way CAST(x AS STRING) prints them and CAST('…' AS type) reads them.
#include <cmath>

#include "columnar/decimal.h"
#include "columnar/function.h"
#include "columnar/nested.h"
#include "columnar/number_text.h"
#include "columnar/session_zone.h"
#include "columnar/text_length.h"
#include "columnar/time_text.h"
#include "columnar/utf8.h"

namespace leat {
namespace {

void append(std::string& out, const Value& value, const DataType& type, const EvalSettings& settings);

void append_nested(std::string& out, BytesView bytes, const DataType& type, const EvalSettings& settings) {
  bool first = true;
  const auto item = [&](const Value& value, const DataType& item_type, const char* separator) {
    if (!first) out += separator;
    first = false;
    append(out, value, item_type, settings);
  };
  const std::vector<Field>& children = *type.children;
  if (type.kind == TypeKind::kRow) {
    out += '(';
    const std::vector<Value> fields = decode_row(bytes, type);
    for (size_t i = 0; i < fields.size(); ++i) item(fields[i], children[i].type, ", ");
    out += ')';
  } else if (type.kind == TypeKind::kArray) {
    out += '[';
    for (const Value& element : decode_array(bytes, children[0].type)) item(element, children[0].type, ", ");
    out += ']';
  } else {
    out += '{';
    for (const auto& [key, value] : decode_map(bytes, children[0].type, children[1].type)) {
      item(key, children[0].type, ", ");
      item(value, children[1].type, "=");
    }
    out += '}';
  }
}

void append(std::string& out, const Value& value, const DataType& type, const EvalSettings& settings) {
  if (value.is_null()) {
    out += "NULL";
    return;
  }
  const auto integer = [&] { return *std::get_if<int64_t>(&value.data); };
  switch (type.kind) {
    case TypeKind::kNull:
      return;
    case TypeKind::kBoolean:
      out += *std::get_if<bool>(&value.data) ? "TRUE" : "FALSE";
      return;
    case TypeKind::kTinyint:
    case TypeKind::kSmallint:
    case TypeKind::kInt:
    case TypeKind::kBigint:
      out += std::to_string(integer());
      return;
    case TypeKind::kFloat:
      out += float_to_text(static_cast<float>(*std::get_if<double>(&value.data)));
      return;
    case TypeKind::kDouble:
      out += double_to_text(*std::get_if<double>(&value.data));
      return;
    case TypeKind::kDecimal:
      out += decimal_to_text(*std::get_if<Int128>(&value.data), type.scale);
      return;
    case TypeKind::kChar:
    case TypeKind::kVarchar:
      out += *std::get_if<std::string>(&value.data);
      return;
    case TypeKind::kBinary:
    case TypeKind::kVarbinary:
      out += sanitized(*std::get_if<std::string>(&value.data));
      return;
    case TypeKind::kDate:
      return append_date(out, integer());
    case TypeKind::kTime:
      return append_time(out, integer(), type.precision);
    case TypeKind::kTimestamp:
      return append_timestamp(out, integer(), type.precision);
    case TypeKind::kTimestampLtz:
      return append_timestamp(out, session_zone(settings)->utc_to_local_micros(integer()), type.precision);
    case TypeKind::kIntervalMonths:
      out += months_to_text(integer());
      return;
    case TypeKind::kIntervalMicros:
      out += micros_to_text(integer());
      return;
    case TypeKind::kRow:
    case TypeKind::kArray:
    case TypeKind::kMap:
      return append_nested(out, *std::get_if<std::string>(&value.data), type, settings);
  }
}

template <class T>
std::optional<Value> wrapped(std::optional<T> value) {
  if (!value) return std::nullopt;
  return Value{*value};
}

std::optional<Value> integer_from(BytesView text, int64_t min, int64_t max) {
  return wrapped(int_from_text(without_blanks(text), min, max));
}

std::optional<bool> boolean_from_text(BytesView text) {
  std::string lower(text);
  for (char& c : lower) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
  for (const char* yes : {"t", "true", "y", "yes", "1"}) {
    if (lower == yes) return true;
  }
  for (const char* no : {"f", "false", "n", "no", "0"}) {
    if (lower == no) return false;
  }
  return std::nullopt;
}

std::optional<Value> timestamp_from(BytesView text, const DataType& type, const EvalSettings& settings) {
  auto micros = timestamp_from_text(text);
  if (!micros) return std::nullopt;
  if (type.kind == TypeKind::kTimestampLtz) *micros = session_zone(settings)->local_to_utc_micros(*micros);
  return Value{cut_to_precision(*micros, type.precision)};
}

}  // namespace

std::shared_ptr<const TimeZone> session_zone(const EvalSettings& settings) {
  auto zone = find_time_zone(settings.time_zone, settings.zones.get());
  // The name was checked when it was set; without a database of zones it can only be UTC or an offset.
  CHECK(zone != nullptr);
  return zone;
}

std::string value_to_text(const Value& value, const DataType& type, const EvalSettings& settings) {
  std::string out;
  append(out, value, type, settings);
  return out;
}

std::optional<Value> value_from_text(BytesView text, const DataType& type, const EvalSettings& settings) {
  switch (type.kind) {
    case TypeKind::kBoolean:
      return wrapped(boolean_from_text(text));
    case TypeKind::kTinyint:
      return integer_from(text, INT8_MIN, INT8_MAX);
    case TypeKind::kSmallint:
      return integer_from(text, INT16_MIN, INT16_MAX);
    case TypeKind::kInt:
      return integer_from(text, INT32_MIN, INT32_MAX);
    case TypeKind::kBigint:
      return integer_from(text, INT64_MIN, INT64_MAX);
    case TypeKind::kFloat: {
      const auto value = float_from_text(trimmed(text));
      return value ? std::optional<Value>(Value{static_cast<double>(*value)}) : std::nullopt;
    }
    case TypeKind::kDouble:
      return wrapped(double_from_text(trimmed(text)));
    case TypeKind::kDecimal:
      return wrapped(decimal_cast_text(text, type.precision, type.scale));
    case TypeKind::kChar:
    case TypeKind::kVarchar:
    case TypeKind::kBinary:
    case TypeKind::kVarbinary: {
      std::string padding;
      return Value{std::string(at_length(text, type, padding))};
    }
    case TypeKind::kDate:
      return wrapped(date_from_text(text));
    case TypeKind::kTime: {
      const auto micros = time_from_text(text);
      return micros ? std::optional<Value>(Value{cut_to_precision(*micros, type.precision)}) : std::nullopt;
    }
    case TypeKind::kTimestamp:
    case TypeKind::kTimestampLtz:
      return timestamp_from(text, type, settings);
    default:
      return std::nullopt;
  }
}

}  // namespace leat
