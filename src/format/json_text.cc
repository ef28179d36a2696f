// Values as JSON text.
#include <cmath>

#include "base/base64.h"
#include "columnar/function.h"
#include "columnar/nested.h"
#include "columnar/number_text.h"
#include "columnar/time_text.h"
#include "format/format.h"

namespace leat {
namespace {

void append_number_text(double value, bool is_float, Bytes& out) {
  bool finite = std::isfinite(value);
  if (!finite) out.push_back('"');
  out += is_float ? float_to_text(static_cast<float>(value)) : double_to_text(value);
  if (!finite) out.push_back('"');
}

void append_bytes_value(BytesView bytes, const DataType& type, const EvalSettings& settings, Bytes& out) {
  switch (type.kind) {
    case TypeKind::kBinary:
    case TypeKind::kVarbinary:
      out.push_back('"');
      append_base64(bytes, out);
      out.push_back('"');
      return;
    case TypeKind::kRow: {
      std::vector<Value> values = decode_row(bytes, type);
      out.push_back('{');
      for (size_t i = 0; i < values.size(); ++i) {
        if (i > 0) out.push_back(',');
        append_json_string((*type.children)[i].name, out);
        out.push_back(':');
        append_json(values[i], (*type.children)[i].type, settings, out);
      }
      out.push_back('}');
      return;
    }
    case TypeKind::kArray: {
      const DataType& element = (*type.children)[0].type;
      const char* separator = "[";
      for (const Value& value : decode_array(bytes, element)) {
        out += separator;
        append_json(value, element, settings, out);
        separator = ",";
      }
      out += *separator == '[' ? "[]" : "]";
      return;
    }
    case TypeKind::kMap: {
      const DataType& key_type = (*type.children)[0].type;
      const DataType& value_type = (*type.children)[1].type;
      const char* separator = "{";
      for (const auto& [key, value] : decode_map(bytes, key_type, value_type)) {
        out += separator;
        append_json_string(key.is_null() ? "null" : value_to_text(key, key_type, settings), out);
        out.push_back(':');
        append_json(value, value_type, settings, out);
        separator = ",";
      }
      out += *separator == '{' ? "{}" : "}";
      return;
    }
    default:
      append_json_string(bytes, out);
  }
}

// Of a time at the end of `out`: three or six digits, none where they are zero.
void group_fraction(Bytes& out) {
  constexpr size_t kGroup = 3;
  size_t point = out.rfind('.');
  if (point == Bytes::npos || point < out.rfind(':')) return;
  while ((out.size() - point - 1) % kGroup != 0) out.push_back('0');
  while (out.ends_with("000")) out.resize(out.size() - kGroup);
  if (out.back() == '.') out.pop_back();
}

void append_int_value(int64_t number, const DataType& type, const EvalSettings& settings, Bytes& out) {
  if (type.is_integer()) {
    out += std::to_string(number);
    return;
  }
  out.push_back('"');
  if (type.is_timestamp() || type.kind == TypeKind::kTime) {
    DataType exact = type;  // What a format read may have more digits than its type.
    exact.precision = 6;
    out += value_to_text(Value{number}, exact, settings);
    group_fraction(out);
  } else {
    out += value_to_text(Value{number}, type, settings);
  }
  out.push_back('"');
}

}  // namespace

void append_json_string(BytesView text, Bytes& out) {
  static constexpr char kHex[] = "0123456789abcdef";
  out.push_back('"');
  size_t plain = 0;
  for (size_t i = 0; i < text.size(); ++i) {
    auto c = static_cast<unsigned char>(text[i]);
    if (c >= 0x20 && c != '"' && c != '\\') continue;
    out.append(text, plain, i - plain);
    plain = i + 1;
    switch (c) {
      case '"':
        out += "\\\"";
        break;
      case '\\':
        out += "\\\\";
        break;
      case '\n':
        out += "\\n";
        break;
      case '\r':
        out += "\\r";
        break;
      case '\t':
        out += "\\t";
        break;
      case '\b':
        out += "\\b";
        break;
      case '\f':
        out += "\\f";
        break;
      default:
        out += "\\u00";
        out.push_back(kHex[c >> 4]);
        out.push_back(kHex[c & 15]);
    }
  }
  out.append(text, plain, text.size() - plain);
  out.push_back('"');
}

void append_json(const Value& value, const DataType& type, const EvalSettings& settings, Bytes& out) {
  if (value.is_null()) {
    out += "null";
    return;
  }
  switch (type.physical()) {
    case Physical::kBool:
      out += std::get<bool>(value.data) ? "true" : "false";
      break;
    case Physical::kInt64:
      append_int_value(std::get<int64_t>(value.data), type, settings, out);
      break;
    case Physical::kDouble:
      append_number_text(std::get<double>(value.data), type.kind == TypeKind::kFloat, out);
      break;
    case Physical::kDecimal:
      append_json_string(value_to_text(value, type, settings), out);
      break;
    case Physical::kBytes:
      append_bytes_value(std::get<std::string>(value.data), type, settings, out);
      break;
  }
}

void append_json(const Column& column, uint32_t row, const EvalSettings& settings, Bytes& out) {
  if (!column.valid(row)) {
    out += "null";
    return;
  }
  const DataType& type = column.type();
  switch (type.physical()) {
    case Physical::kBool:
      out += column.bools()[row] ? "true" : "false";
      break;
    case Physical::kInt64:
      append_int_value(column.ints()[row], type, settings, out);
      break;
    case Physical::kDouble:
      append_number_text(column.doubles()[row], type.kind == TypeKind::kFloat, out);
      break;
    case Physical::kDecimal:
      append_json_string(value_to_text(column.value(row), type, settings), out);
      break;
    case Physical::kBytes:
      append_bytes_value(column.bytes()[row], type, settings, out);
      break;
  }
}

}  // namespace leat
