// Rows to JSON records, as Flink's json format writes them. `leat sql` has a shape of its own: json_text.cc.
#include <cmath>

#include "columnar/decimal.h"
#include "columnar/function.h"
#include "columnar/nested.h"
#include "columnar/time_text.h"
#include "format/decoders.h"
#include "format/json_options.h"
#include "format/timestamps.h"

namespace leat {
namespace {

class JsonEncoder final : public RowEncoder {
 public:
  JsonEncoder(JsonOptions options, Schema fields, const EvalSettings& settings)
      : options_(std::move(options)), fields_(std::move(fields)), settings_(settings) {
    for (const Field& field : fields_) {
      Bytes key;
      append_json_string(field.name, key);
      keys_.push_back(key + ":");
    }
  }

  void encode(const Batch& batch, uint32_t row, Bytes& out) override {
    char separator = '{';
    for (size_t i = 0; i < fields_.size(); ++i) {
      const Column& column = *batch.columns[i];
      if (options_.ignore_null_fields && !column.valid(row)) continue;
      out.push_back(separator);
      out += keys_[i];
      separator = ',';
      cell(column, row, out);
    }
    if (separator == '{') out.push_back('{');
    out.push_back('}');
  }

 private:
  void cell(const Column& column, uint32_t row, Bytes& out) {
    const DataType& type = column.type();
    bool own_shape = type.kind == TypeKind::kDecimal || type.is_timestamp() || type.kind == TypeKind::kTime;
    if (own_shape && column.valid(row))
      value(column.value(row), type, out);
    else if (type.is_nested() && column.valid(row))
      nested(column.bytes()[row], type, out);
    else
      append_json(column, row, settings_, out);
  }

  void value(const Value& value, const DataType& type, Bytes& out) {
    if (value.is_null()) {
      out += "null";
    } else if (type.kind == TypeKind::kDecimal) {
      const auto decimal = std::get<Int128>(value.data);
      out += options_.plain_decimals ? decimal_to_text(decimal, type.scale) : decimal_to_shortest(decimal, type.scale);
    } else if (type.is_timestamp()) {
      out.push_back('"');
      append_format_timestamp(out, std::get<int64_t>(value.data), options_.iso_timestamps,
                              type.kind == TypeKind::kTimestampLtz);
      out.push_back('"');
    } else if (type.kind == TypeKind::kTime) {
      out.push_back('"');
      append_format_time(out, std::get<int64_t>(value.data));
      out.push_back('"');
    } else if (type.is_nested()) {
      nested(std::get<std::string>(value.data), type, out);
    } else {
      append_json(value, type, settings_, out);
    }
  }

  void nested(BytesView bytes, const DataType& type, Bytes& out) {
    char separator = type.kind == TypeKind::kArray ? '[' : '{';
    const char open = separator;
    auto next = [&] {
      out.push_back(separator);
      separator = ',';
    };
    if (type.kind == TypeKind::kRow) {
      std::vector<Value> values = decode_row(bytes, type);
      for (size_t i = 0; i < values.size(); ++i) {
        if (options_.ignore_null_fields && values[i].is_null()) continue;
        next();
        append_json_string((*type.children)[i].name, out);
        out.push_back(':');
        value(values[i], (*type.children)[i].type, out);
      }
    } else if (type.kind == TypeKind::kArray) {
      for (const Value& element : decode_array(bytes, (*type.children)[0].type)) {
        next();
        value(element, (*type.children)[0].type, out);
      }
    } else {
      for (const auto& [key, mapped] : decode_map(bytes, (*type.children)[0].type, (*type.children)[1].type)) {
        if (key.is_null() && options_.null_key_mode == "DROP") continue;
        next();
        append_json_string(
            key.is_null() ? options_.null_key_literal : value_to_text(key, (*type.children)[0].type, settings_), out);
        out.push_back(':');
        value(mapped, (*type.children)[1].type, out);
      }
    }
    if (separator == open) out.push_back(open);
    out.push_back(open == '[' ? ']' : '}');
  }

  JsonOptions options_;
  Schema fields_;
  const EvalSettings& settings_;
  std::vector<std::string> keys_;
};

}  // namespace

Result<std::unique_ptr<RowEncoder>> make_json_encoder(const Options& options, const Schema& fields,
                                                      const EvalSettings& settings) {
  TRY_ASSIGN(JsonOptions json, read_json_options(options));
  for (const Field& field : fields) TRY(check_json_type(field.type, field.name));
  return std::unique_ptr<RowEncoder>(std::make_unique<JsonEncoder>(std::move(json), fields, settings));
}

}  // namespace leat
