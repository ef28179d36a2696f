#include "format/json_compact.h"

#include <utility>
#include <vector>

#include "columnar/number_text.h"
#include "format/format.h"

namespace leat {
namespace {

namespace od = simdjson::ondemand;

constexpr int kDepthMax = 1000;  // Jackson's limit.

simdjson::error_code append_value(od::value value, int depth, Bytes& out);

simdjson::error_code append_object(od::value value, int depth, Bytes& out) {
  od::object object;
  if (auto code = value.get_object().get(object); code != simdjson::SUCCESS) return code;
  std::vector<std::pair<std::string, Bytes>> members;
  for (auto field : object) {
    std::string_view key;
    if (auto code = field.unescaped_key().get(key); code != simdjson::SUCCESS) return code;
    size_t at = 0;
    while (at < members.size() && members[at].first != key) ++at;
    if (at == members.size()) members.emplace_back(key, Bytes());
    members[at].second.clear();
    od::value child;
    if (auto code = field.value().get(child); code != simdjson::SUCCESS) return code;
    if (auto code = append_value(child, depth, members[at].second); code != simdjson::SUCCESS) return code;
  }
  out.push_back('{');
  for (size_t i = 0; i < members.size(); ++i) {
    if (i > 0) out.push_back(',');
    append_json_string(members[i].first, out);
    out.push_back(':');
    out += members[i].second;
  }
  out.push_back('}');
  return simdjson::SUCCESS;
}

simdjson::error_code append_array(od::value value, int depth, Bytes& out) {
  od::array array;
  if (auto code = value.get_array().get(array); code != simdjson::SUCCESS) return code;
  const char* separator = "[";
  for (auto element : array) {
    od::value child;
    if (auto code = element.get(child); code != simdjson::SUCCESS) return code;
    out += separator;
    if (auto code = append_value(child, depth, out); code != simdjson::SUCCESS) return code;
    separator = ",";
  }
  out += *separator == '[' ? "[]" : "]";
  return simdjson::SUCCESS;
}

simdjson::error_code append_number(od::value value, Bytes& out) {
  const BytesView token = trimmed(value.raw_json_token());
  double number = 0;
  if (auto code = value.get_double().get(number); code != simdjson::SUCCESS) return code;
  if (token.find_first_of(".eE") == BytesView::npos) {
    out += token == "-0" ? "0" : token;
  } else {
    out += double_to_text(number);
  }
  return simdjson::SUCCESS;
}

simdjson::error_code append_value(od::value value, int depth, Bytes& out) {
  od::json_type kind;
  if (auto code = value.type().get(kind); code != simdjson::SUCCESS) return code;
  bool container = kind == od::json_type::object || kind == od::json_type::array;
  if (container && ++depth > kDepthMax) return simdjson::DEPTH_ERROR;
  switch (kind) {
    case od::json_type::object:
      return append_object(value, depth, out);
    case od::json_type::array:
      return append_array(value, depth, out);
    case od::json_type::number:
      return append_number(value, out);
    case od::json_type::string: {
      std::string_view text;
      if (auto code = value.get_string().get(text); code != simdjson::SUCCESS) return code;
      append_json_string(text, out);
      return simdjson::SUCCESS;
    }
    default:
      out += trimmed(value.raw_json_token());
      return simdjson::SUCCESS;
  }
}

}  // namespace

simdjson::error_code append_compact_json(od::value value, Bytes& out) {
  return append_value(value, 0, out);
}

}  // namespace leat
