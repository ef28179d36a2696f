#include "dlq/json_object.h"

#include <algorithm>

#include "dlq/utf8.h"
#include "format/format.h"

namespace leat {
namespace {

void append_base64(BytesView in, Bytes& out) {
  append_json(Value{std::string(in)}, DataType::bytes(), EvalSettings{}, out);
}

// As text() and bytes() write one value.
void append_bytes(BytesView in, bool text, Bytes& out) {
  text ? append_json_string(in, out) : append_base64(in, out);
}

}  // namespace

void append_time(int64_t ms, Bytes& out) {
  constexpr int64_t kMicrosMax = INT64_MAX / 1000;
  if (ms > kMicrosMax || ms < -kMicrosMax) {
    out += ms > 0 ? "\"infinity\"" : "\"-infinity\"";
    return;
  }
  append_json(Value{ms * 1000}, DataType::timestamp(3), EvalSettings{}, out);
}

void JsonObject::name(std::string_view name) {
  if (!first_) out_ += ',';
  first_ = false;
  append_json_string(name, out_);
  out_ += ':';
}

void JsonObject::text(std::string_view field, BytesView value) {
  bool text = is_utf8(value);
  name(text ? field : std::string(field) + "_base64");
  append_bytes(value, text, out_);
}

void JsonObject::bytes(std::string_view field, const std::optional<Bytes>& value) {
  if (value) return text(field, *value);
  raw(field, "null");
}

void JsonObject::number(std::string_view field, int64_t value) {
  raw(field, std::to_string(value));
}

void JsonObject::time(std::string_view field, int64_t ms) {
  name(field);
  append_time(ms, out_);
}

void JsonObject::raw(std::string_view field, BytesView json) {
  name(field);
  out_ += json;
}

Bytes headers_to_json(const std::vector<Header>& headers) {
  struct Named {
    std::string name;
    std::vector<BytesView> values;
  };
  std::vector<Named> fields;  // In the order in which the names first occur.
  for (const Header& header : headers) {
    auto same = [&header](const Named& field) { return field.name == header.key; };
    auto field = std::find_if(fields.begin(), fields.end(), same);
    if (field == fields.end()) field = fields.insert(field, {header.key, {}});
    field->values.push_back(header.value);
  }
  Bytes text;
  JsonObject out(text);
  for (const Named& field : fields) {
    if (field.values.size() == 1) {
      out.text(field.name, field.values[0]);
      continue;
    }
    bool all_text = std::all_of(field.values.begin(), field.values.end(), is_utf8);
    Bytes array = "[";
    for (BytesView value : field.values) {
      if (array.size() > 1) array += ',';
      append_bytes(value, all_text, array);
    }
    out.raw(all_text ? field.name : field.name + "_base64", array + "]");
  }
  out.close();
  return text;
}

}  // namespace leat
