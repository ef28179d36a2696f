// CSV records to columns.
#include <simdjson.h>

#include "base/base64.h"
#include "columnar/decimal.h"
#include "columnar/function.h"
#include "columnar/nested.h"
#include "columnar/number_text.h"
#include "format/boolean_text.h"
#include "format/csv_fields.h"
#include "format/csv_options.h"
#include "format/decoders.h"
#include "format/timestamps.h"

namespace leat {
namespace {

class CsvDecoder final : public RowDecoder {
 public:
  CsvDecoder(CsvOptions options, Schema fields, std::vector<size_t> places, size_t record_fields,
             const EvalSettings& settings)
      : options_(std::move(options)),
        fields_(std::move(fields)),
        places_(std::move(places)),
        record_fields_(record_fields),
        settings_(settings),
        splitter_(options_) {}

  Decoded decode(std::span<const BytesView> records, std::shared_ptr<const void>) override {
    Decoded out;
    std::vector<std::shared_ptr<Column>> columns;
    for (const Field& field : fields_) {
      columns.push_back(std::make_shared<Column>(field.type, static_cast<uint32_t>(records.size())));
    }
    for (uint32_t record = 0; record < records.size(); ++record) {
      BytesView text = records[record];
      if (text.empty() || (options_.allow_comments && text[0] == '#')) continue;
      if (decode_one(text, record, columns))
        out.good.push_back(record);
      else
        out.failures.push_back({record, reason_, message_});
    }
    bool all = out.good.size() == records.size();
    for (auto& column : columns) out.columns.push_back(all ? ColumnPtr(column) : ColumnPtr(column->gather(out.good)));
    return out;
  }

 private:
  bool decode_one(BytesView text, uint32_t row, std::vector<std::shared_ptr<Column>>& columns) {
    if (!simdjson::validate_utf8(text.data(), text.size())) return fail("utf8.invalid", "the line is not UTF-8");
    if (!splitter_.split(text)) return fail("csv.quote", "a quoted field is not closed, or text follows its end");
    const auto& parts = splitter_.fields();
    bool short_row = parts.size() < record_fields_ && options_.ignore_parse_errors;
    if (parts.size() != record_fields_ && !short_row) {
      return fail("csv.fields", std::to_string(parts.size()) + " fields, expected " + std::to_string(record_fields_));
    }
    for (size_t i = 0; i < fields_.size(); ++i) {
      if (places_[i] >= parts.size()) {
        columns[i]->set_null(row);
        continue;
      }
      if (!read(parts[places_[i]], fields_[i], *columns[i], row)) return false;
    }
    return true;
  }

  bool fail(const char* reason, std::string message) {
    reason_ = reason;
    message_ = std::move(message);
    return false;
  }

  bool read(const CsvField& part, const Field& field, Column& out, uint32_t row) {
    const DataType& type = field.type;
    if (options_.null_literal && part.text == *options_.null_literal && !part.quoted) {
      if (type.nullable) {
        out.set_null(row);
        return true;
      }
      return fail("csv.type", "field '" + field.name + "' is NULL, and the column is NOT NULL");
    }
    std::optional<Value> value = scalar_or_nested(part.text, type);
    if (value) {
      out.set_value(row, *value);
      return true;
    }
    if (options_.ignore_parse_errors) {
      out.set_null(row);
      return true;
    }
    constexpr size_t kShownMax = 80;
    return fail("csv.type", "field '" + field.name + "': '" + std::string(part.text.substr(0, kShownMax)) + "' is no " +
                                type.to_string());
  }

  std::optional<Value> scalar_or_nested(BytesView text, const DataType& type) {
    if (type.kind == TypeKind::kArray || type.kind == TypeKind::kRow) return nested(text, type);
    if (type.is_text()) return Value{std::string(text)};
    if (type.is_binary()) {
      auto bytes = from_spaced_base64(text);
      if (!bytes) return std::nullopt;
      return Value{std::move(*bytes)};
    }
    const auto wrapped = [](auto value) { return value ? std::optional<Value>(Value{*value}) : std::nullopt; };
    BytesView blank_free = trimmed(text);
    switch (type.kind) {
      case TypeKind::kBoolean:
        return wrapped(parse_boolean(text));
      case TypeKind::kDecimal:
        return wrapped(decimal_from_text(text, type.precision, type.scale).value);
      case TypeKind::kDate:
        return wrapped(parse_lenient_date(text));
      case TypeKind::kTime:
        return wrapped(parse_iso_time(text, type.precision));
      case TypeKind::kTimestamp:
      case TypeKind::kTimestampLtz: {
        const auto micros = parse_timestamp(blank_free, false, type.kind == TypeKind::kTimestampLtz);
        return wrapped(micros ? std::optional(kept_timestamp(*micros, type.precision)) : std::nullopt);
      }
      default:
        if (type.is_integer() && blank_free.find('.') != BytesView::npos) return std::nullopt;
        return value_from_text(blank_free, type, settings_);
    }
  }

  std::optional<Value> nested(BytesView text, const DataType& type) {
    std::vector<Value> values;
    if (type.kind == TypeKind::kRow && text.empty()) return std::nullopt;
    const auto& children = *type.children;
    while (true) {
      size_t end = text.find(options_.array_delimiter);
      BytesView part = text.substr(0, end);
      size_t child = type.kind == TypeKind::kRow ? values.size() : 0;
      if (child >= children.size()) {
        if (options_.ignore_parse_errors) break;
        return std::nullopt;
      }
      if (values.empty() && text.empty() && type.kind == TypeKind::kArray) break;
      if (options_.null_literal && part == *options_.null_literal) {
        values.push_back({});
      } else {
        auto value = scalar_or_nested(part, children[child].type);
        if (!value && !options_.ignore_parse_errors) return std::nullopt;
        values.push_back(value ? std::move(*value) : Value{});
      }
      if (end == BytesView::npos) break;
      text.remove_prefix(end + options_.array_delimiter.size());
    }
    if (type.kind == TypeKind::kArray) return Value{encode_array(values)};
    if (values.size() != children.size() && !options_.ignore_parse_errors) return std::nullopt;
    values.resize(children.size());
    return Value{encode_values(values)};
  }

  CsvOptions options_;
  Schema fields_;
  std::vector<size_t> places_;  // Of each field in a record.
  size_t record_fields_;
  const EvalSettings& settings_;
  CsvFields splitter_;
  std::string reason_, message_;
};

}  // namespace

Result<std::unique_ptr<RowDecoder>> make_csv_decoder(const Options& options, const Schema& fields, const Schema& all,
                                                     const EvalSettings& settings) {
  TRY_ASSIGN(CsvOptions csv, read_csv_options(options));
  std::vector<size_t> places;
  for (const Field& field : fields) {
    TRY(check_csv_type(field.type, field.name));
    size_t place = 0;
    while (place < all.size() && all[place].name != field.name) ++place;
    CHECK(place < all.size());
    places.push_back(place);
  }
  return std::unique_ptr<RowDecoder>(
      std::make_unique<CsvDecoder>(std::move(csv), fields, std::move(places), all.size(), settings));
}

}  // namespace leat
