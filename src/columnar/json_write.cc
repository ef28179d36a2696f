#include "columnar/json_write.h"

#include <algorithm>

#include "base/base64.h"
#include "columnar/civil.h"
#include "columnar/decimal.h"
#include "columnar/json_tree.h"
#include "columnar/nested.h"
#include "columnar/number_text.h"
#include "columnar/time_text.h"

namespace leat {
namespace {

// 2024-01-01T10:00:00.12
std::string iso_time(int64_t micros) {
  std::string out;
  append_timestamp(out, micros, 6);
  out[out.find(' ')] = 'T';
  out.erase(out.find_last_not_of('0') + 1);
  if (out.ends_with('.')) out.pop_back();
  return out;
}

void append_number(std::string& out, const std::string& digits) {
  const bool finite = digits.find_first_of("IN") == std::string::npos;  // "Infinity", "NaN"
  out += finite ? big_decimal_text(digits) : '"' + digits + '"';
}

using Members = std::vector<std::pair<std::string, std::string>>;  // Key and value, both as JSON.

void append_members(std::string& out, Members members) {
  std::ranges::stable_sort(members, {}, &std::pair<std::string, std::string>::first);
  out += '{';
  for (const auto& [key, value] : members) {
    if (&key != &members.front().first) out += ',';
    out += key + ":" + value;
  }
  out += '}';
}

std::string key_text(BytesView key) {
  std::string out;
  append_json_text(out, key);
  return out;
}

std::string value_text(const Value& value, const DataType& type) {
  std::string out;
  append_json(out, value, type);
  return out;
}

void append_nested(std::string& out, BytesView bytes, const DataType& type) {
  const std::vector<Field>& children = *type.children;
  Members members;
  switch (type.kind) {
    case TypeKind::kArray: {
      out += '[';
      bool first = true;
      for (const Value& element : decode_array(bytes, children[0].type)) {
        if (!std::exchange(first, false)) out += ',';
        append_json(out, element, children[0].type);
      }
      out += ']';
      return;
    }
    case TypeKind::kMap:
      for (const auto& [key, value] : decode_map(bytes, children[0].type, children[1].type)) {
        const auto* text = std::get_if<std::string>(&key.data);
        members.emplace_back(key_text(text == nullptr ? "null" : *text), value_text(value, children[1].type));
      }
      return append_members(out, std::move(members));
    default: {
      const std::vector<Value> fields = decode_row(bytes, type);
      for (size_t i = 0; i < fields.size(); ++i) {
        members.emplace_back(key_text(children[i].name), value_text(fields[i], children[i].type));
      }
      return append_members(out, std::move(members));
    }
  }
}

}  // namespace

bool has_json(const DataType& type) {
  switch (type.kind) {
    case TypeKind::kNull:
    case TypeKind::kDate:
    case TypeKind::kTime:
    case TypeKind::kIntervalMonths:
    case TypeKind::kIntervalMicros:
      return false;
    case TypeKind::kMap:
      return type.children->front().type.is_text() && has_json(type.children->back().type);
    case TypeKind::kRow:
    case TypeKind::kArray:
      return std::ranges::all_of(*type.children, [](const Field& field) { return has_json(field.type); });
    default:
      return true;
  }
}

void append_json(std::string& out, const Value& value, const DataType& type) {
  if (value.is_null()) {
    out += "null";
    return;
  }
  switch (type.kind) {
    case TypeKind::kBoolean:
      out += *std::get_if<bool>(&value.data) ? "true" : "false";
      return;
    case TypeKind::kFloat:
      return append_number(out, float_to_text(static_cast<float>(*std::get_if<double>(&value.data))));
    case TypeKind::kDouble:
      return append_number(out, double_to_text(*std::get_if<double>(&value.data)));
    case TypeKind::kDecimal:
      return append_number(out, decimal_to_text(*std::get_if<Int128>(&value.data), type.scale));
    case TypeKind::kChar:
    case TypeKind::kVarchar:
      return append_json_text(out, *std::get_if<std::string>(&value.data));
    case TypeKind::kBinary:
    case TypeKind::kVarbinary:
      out += '"' + to_base64(*std::get_if<std::string>(&value.data)) + '"';
      return;
    case TypeKind::kTimestamp:
      out += '"' + iso_time(*std::get_if<int64_t>(&value.data)) + '"';
      return;
    case TypeKind::kTimestampLtz:
      out += '"' + iso_time(*std::get_if<int64_t>(&value.data)) + "Z\"";
      return;
    case TypeKind::kRow:
    case TypeKind::kArray:
    case TypeKind::kMap:
      return append_nested(out, *std::get_if<std::string>(&value.data), type);
    default:
      out += std::to_string(*std::get_if<int64_t>(&value.data));
  }
}

}  // namespace leat
