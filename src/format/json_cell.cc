#include "format/json_cell.h"

#include <cmath>
#include <limits>

#include "base/base64.h"
#include "columnar/civil.h"
#include "columnar/decimal.h"
#include "columnar/function.h"
#include "columnar/nested.h"
#include "columnar/number_text.h"
#include "format/boolean_text.h"
#include "format/json_compact.h"
#include "format/json_structure.h"
#include "format/timestamps.h"

namespace leat {
namespace {

namespace od = simdjson::ondemand;

bool fail(JsonCellError& error, const DataType& type, BytesView token) {
  constexpr size_t kShownMax = 80;
  std::string shown(token.substr(0, kShownMax));
  if (token.size() > kShownMax) shown += "…";
  error.what = shown + " is no " + type.to_string();
  return false;
}

bool broken(JsonCellError& error, simdjson::error_code code) {
  error.structural = true;
  error.what = simdjson::error_message(code);
  return false;
}

// A scalar's token reaches to the next structural character: blanks after it are not part of it.
BytesView token_of(od::value& value) {
  BytesView token = value.raw_json_token();
  while (!token.empty() &&
         (token.back() == ' ' || token.back() == '\n' || token.back() == '\r' || token.back() == '\t')) {
    token.remove_suffix(1);
  }
  return token;
}

// The text of a scalar as Jackson's asText() gives it. Points into the document, or into `scratch`.
bool text_of(od::value& value, bool is_string, BytesView& out, std::string& scratch, JsonCellError& error) {
  BytesView token = token_of(value);
  if (!is_string) {
    out = token;
    return true;
  }
  if (token.size() >= 2 && token.find('\\') == BytesView::npos) {
    out = token.substr(1, token.size() - 2);
    return true;
  }
  std::string_view text;
  if (auto code = value.get_string().get(text); code != simdjson::SUCCESS) return broken(error, code);
  scratch.assign(text);  // It stands in the parser's buffer, which the next document overwrites.
  out = scratch;
  return true;
}

// Numbers by the cheap way; everything else through text.
bool read_integer(od::value& value, const DataType& type, bool is_string, Column& out, uint32_t row,
                  JsonCellError& error) {
  static constexpr int64_t kMin[] = {INT8_MIN, INT16_MIN, INT32_MIN, INT64_MIN};
  static constexpr int64_t kMax[] = {INT8_MAX, INT16_MAX, INT32_MAX, INT64_MAX};
  size_t width = static_cast<size_t>(type.kind) - static_cast<size_t>(TypeKind::kTinyint);
  int64_t number = 0;
  BytesView token = token_of(value);
  const bool narrow = type.kind == TypeKind::kTinyint || type.kind == TypeKind::kSmallint;
  if (!is_string && value.get_int64().get(number) == simdjson::SUCCESS) {
    if (number < kMin[width] || number > kMax[width]) return fail(error, type, token);
    out.ints()[row] = number;
    return true;
  }
  std::string scratch;
  BytesView text = token;
  if (is_string && !text_of(value, true, text, scratch, error)) return false;
  if (!is_string) {
    // 1.5 and 1e3: a JSON number that is no integer is cut, but not for the types that Flink reads as text.
    if (narrow) return fail(error, type, token);
    auto real = double_from_text(text);
    bool fits = real && std::isfinite(*real) && *real >= static_cast<double>(kMin[width]) &&
                *real <= static_cast<double>(kMax[width]) && *real < 9223372036854775808.0;
    if (!fits) return fail(error, type, token);
    out.ints()[row] = static_cast<int64_t>(*real);
    return true;
  }
  text = trimmed(text);
  bool fraction = text.find('.') != BytesView::npos;
  auto parsed = fraction ? std::nullopt : int_from_text(text, kMin[width], kMax[width]);
  if (!parsed) return fail(error, type, token);
  out.ints()[row] = *parsed;
  return true;
}

bool read_double(od::value& value, const DataType& type, bool is_string, Column& out, uint32_t row,
                 JsonCellError& error) {
  double number = 0;
  BytesView token = token_of(value);
  bool plain = !is_string && value.get_double().get(number) == simdjson::SUCCESS;
  if (!plain) {
    std::string scratch;
    BytesView text = token;
    if (is_string && !text_of(value, true, text, scratch, error)) return false;
    auto parsed = double_from_text(trimmed(text));
    if (!parsed) return fail(error, type, token);
    number = *parsed;
  }
  out.doubles()[row] = type.kind == TypeKind::kFloat ? static_cast<double>(static_cast<float>(number)) : number;
  return true;
}

bool read_boolean(od::value& value, const DataType& type, bool is_string, Column& out, uint32_t row,
                  JsonCellError& error) {
  BytesView token = token_of(value);
  bool flag = false;
  if (!is_string && value.get_bool().get(flag) == simdjson::SUCCESS) {
    out.bools()[row] = flag;
    return true;
  }
  if (!is_string) return fail(error, type, token);
  // Flink takes any other text, and any number, for FALSE.
  const auto parsed = parse_boolean(token.substr(1, token.size() - 2));
  if (!parsed) return fail(error, type, token);
  out.bools()[row] = *parsed;
  return true;
}

bool read_text(od::value& value, bool is_string, Column& out, uint32_t row, JsonCellError& error) {
  std::string scratch;
  BytesView text;
  if (!text_of(value, is_string, text, scratch, error)) return false;
  if (text.data() == scratch.data() && !scratch.empty()) {
    out.set_bytes(row, text);
  } else {
    out.bytes()[row] = text;
  }
  return true;
}

bool read_temporal(od::value& value, const JsonCellContext& context, const DataType& type, bool is_string, Column& out,
                   uint32_t row, JsonCellError& error) {
  BytesView token = token_of(value);
  if (!is_string) return fail(error, type, token);
  std::string scratch;
  BytesView text;
  if (!text_of(value, true, text, scratch, error)) return false;
  std::optional<int64_t> parsed;
  switch (type.kind) {
    case TypeKind::kDate:
      parsed = parse_date(text);
      break;
    case TypeKind::kTime:
      parsed = parse_time(text);
      break;
    case TypeKind::kTimestamp:
      parsed = parse_timestamp(text, context.iso_timestamps, false);
      break;
    default:
      parsed = parse_timestamp(text, context.iso_timestamps, true);
      break;
  }
  if (!parsed) {
    bool local = type.kind == TypeKind::kTimestampLtz;
    fail(error, type, token);
    if (type.is_timestamp() && parse_timestamp(text, !context.iso_timestamps, local)) {
      error.what += std::string("; 'json.timestamp-format.standard' = '") +
                    (context.iso_timestamps ? "SQL" : "ISO-8601") + "' would read it";
    }
    return false;
  }
  out.ints()[row] = type.is_timestamp() ? kept_timestamp(*parsed, type.precision) : *parsed;
  return true;
}

bool read_binary(od::value& value, const DataType& type, bool is_string, Column& out, uint32_t row,
                 JsonCellError& error) {
  BytesView token = token_of(value);
  std::string scratch;
  BytesView text;
  if (!is_string) return fail(error, type, token);
  if (!text_of(value, true, text, scratch, error)) return false;
  auto bytes = from_spaced_base64(text);
  if (!bytes) return fail(error, type, token);
  out.set_bytes(row, *bytes);
  return true;
}

bool read_decimal(od::value& value, const DataType& type, bool is_string, Column& out, uint32_t row,
                  JsonCellError& error) {
  BytesView token = token_of(value);
  std::string scratch;
  BytesView text;
  if (!text_of(value, is_string, text, scratch, error)) return false;
  const auto parsed = decimal_from_text(trimmed(text), type.precision, type.scale).value;
  if (!parsed) return fail(error, type, token);
  out.decimals()[row] = *parsed;
  return true;
}

// A nested value goes through a column of one row, so every type is read in one place.
bool read_child(od::value value, const JsonCellContext& context, const DataType& type, Value& out,
                JsonCellError& error) {
  Column cell(type, 1);
  if (!read_json_cell(value, context, cell, 0, error)) {
    if (error.structural || !context.ignore_parse_errors) return false;
    error = {};
    out = Value{};
    return true;
  }
  out = cell.value(0);
  return true;
}

bool read_row(od::value& value, const JsonCellContext& context, const DataType& type, Column& out, uint32_t row,
              JsonCellError& error) {
  od::object object;
  if (auto code = value.get_object().get(object); code != simdjson::SUCCESS) return broken(error, code);
  const auto& fields = *type.children;
  std::vector<Value> values(fields.size());
  for (auto field : object) {
    std::string_view key;
    if (auto code = field.unescaped_key().get(key); code != simdjson::SUCCESS) return broken(error, code);
    size_t at = 0;
    while (at < fields.size() && fields[at].name != key) ++at;
    od::value child;
    if (auto code = field.value().get(child); code != simdjson::SUCCESS) return broken(error, code);
    if (at == fields.size()) {
      if (auto code = skip_json_value(child); code != simdjson::SUCCESS) return broken(error, code);
    } else if (!read_child(child, context, fields[at].type, values[at], error)) {
      if (!error.structural) error.what = "field '" + fields[at].name + "': " + error.what;
      return false;
    }
  }
  out.set_bytes(row, encode_values(values));
  return true;
}

bool read_array(od::value& value, const JsonCellContext& context, const DataType& type, Column& out, uint32_t row,
                JsonCellError& error) {
  od::array array;
  if (auto code = value.get_array().get(array); code != simdjson::SUCCESS) return broken(error, code);
  std::vector<Value> elements;
  for (auto element : array) {
    od::value child;
    if (auto code = element.get(child); code != simdjson::SUCCESS) return broken(error, code);
    if (!read_child(child, context, (*type.children)[0].type, elements.emplace_back(), error)) return false;
  }
  out.set_bytes(row, encode_array(elements));
  return true;
}

bool read_map(od::value& value, const JsonCellContext& context, const DataType& type, Column& out, uint32_t row,
              JsonCellError& error) {
  od::object object;
  if (auto code = value.get_object().get(object); code != simdjson::SUCCESS) return broken(error, code);
  std::vector<std::pair<Value, Value>> entries;
  for (auto field : object) {
    std::string_view key;
    if (auto code = field.unescaped_key().get(key); code != simdjson::SUCCESS) return broken(error, code);
    Value key_value{std::string(key)};
    od::value child;
    if (auto code = field.value().get(child); code != simdjson::SUCCESS) return broken(error, code);
    entries.emplace_back(std::move(key_value), Value{});
    if (!read_child(child, context, (*type.children)[1].type, entries.back().second, error)) return false;
  }
  out.set_bytes(row, encode_map(std::move(entries)));
  return true;
}

}  // namespace

bool read_json_cell(od::value value, const JsonCellContext& context, Column& out, uint32_t row, JsonCellError& error) {
  const DataType& type = out.type();
  od::json_type kind;
  if (auto code = value.type().get(kind); code != simdjson::SUCCESS) return broken(error, code);
  if (kind == od::json_type::null) {
    if (token_of(value) != "null") return broken(error, simdjson::N_ATOM_ERROR);
    if (!type.nullable) {
      error.what = "null, and the column is NOT NULL";
      return false;
    }
    out.set_null(row);
    return true;
  }
  bool container = kind == od::json_type::object || kind == od::json_type::array;
  bool fits = type.kind == TypeKind::kArray ? kind == od::json_type::array
              : type.is_nested()            ? kind == od::json_type::object
                                            : !container || type.is_text();
  if (!fits) {
    if (container) {
      if (auto code = skip_json_value(value); code != simdjson::SUCCESS) return broken(error, code);
      error.what = std::string(kind == od::json_type::array ? "an array" : "an object") + " is no " + type.to_string();
      return false;
    }
    return fail(error, type, token_of(value));
  }
  bool is_string = kind == od::json_type::string;
  switch (type.kind) {
    case TypeKind::kBoolean:
      return read_boolean(value, type, is_string, out, row, error);
    case TypeKind::kTinyint:
    case TypeKind::kSmallint:
    case TypeKind::kInt:
    case TypeKind::kBigint:
      return read_integer(value, type, is_string, out, row, error);
    case TypeKind::kFloat:
    case TypeKind::kDouble:
      return read_double(value, type, is_string, out, row, error);
    case TypeKind::kDecimal:
      return read_decimal(value, type, is_string, out, row, error);
    case TypeKind::kBinary:
    case TypeKind::kVarbinary:
      return read_binary(value, type, is_string, out, row, error);
    case TypeKind::kDate:
    case TypeKind::kTime:
    case TypeKind::kTimestamp:
    case TypeKind::kTimestampLtz:
      return read_temporal(value, context, type, is_string, out, row, error);
    case TypeKind::kRow:
      return read_row(value, context, type, out, row, error);
    case TypeKind::kArray:
      return read_array(value, context, type, out, row, error);
    case TypeKind::kMap:
      return read_map(value, context, type, out, row, error);
    default:
      break;
  }
  if (!container) return read_text(value, is_string, out, row, error);
  // A container read as a string is its text.
  Bytes text;
  if (auto code = append_compact_json(value, text); code != simdjson::SUCCESS) return broken(error, code);
  out.set_bytes(row, text);
  return true;
}

simdjson::error_code skip_json_value(od::value value) {
  od::json_type kind;
  if (auto code = value.type().get(kind); code != simdjson::SUCCESS) return code;
  std::string_view raw;
  simdjson::error_code code = simdjson::SUCCESS;
  if (kind == od::json_type::array) {
    od::array array;
    code = value.get_array().get(array);
    if (code == simdjson::SUCCESS) code = array.raw_json().get(raw);
  } else if (kind == od::json_type::object) {
    od::object object;
    code = value.get_object().get(object);
    if (code == simdjson::SUCCESS) code = object.raw_json().get(raw);
  } else {
    return simdjson::SUCCESS;
  }
  if (code != simdjson::SUCCESS) return code;
  while (!raw.empty() && raw.back() != ']' && raw.back() != '}') raw.remove_suffix(1);  // Blanks behind it.
  return is_well_formed_container(raw) ? simdjson::SUCCESS : simdjson::TAPE_ERROR;
}

}  // namespace leat
