// Rows to CSV records.
#include <algorithm>

#include "base/base64.h"
#include "columnar/decimal.h"
#include "columnar/function.h"
#include "columnar/nested.h"
#include "columnar/utf8.h"
#include "format/csv_options.h"
#include "format/decoders.h"
#include "format/timestamps.h"

namespace leat {
namespace {

class CsvEncoder final : public RowEncoder {
 public:
  CsvEncoder(CsvOptions options, const EvalSettings& settings) : options_(std::move(options)), settings_(settings) {}

  void encode(const Batch& batch, uint32_t row, Bytes& out) override {
    for (size_t i = 0; i < batch.columns.size(); ++i) {
      if (i > 0) out.push_back(options_.delimiter);
      text_.clear();
      const Column& column = *batch.columns[i];
      if (!column.valid(row)) {
        out += options_.null_literal.value_or("");
        continue;
      }
      const DataType& type = column.type();
      append_value(column.value(row), type);
      const bool bare = !options_.quote || type.is_numeric() || type.kind == TypeKind::kBoolean || !wants_quotes();
      if (bare)
        out += text_;
      else
        append_quoted(out);
    }
  }

 private:
  void append_value(const Value& value, const DataType& type) {
    if (value.is_null()) {
      text_ += options_.null_literal.value_or("");
    } else if (type.is_binary()) {
      append_base64(std::get<std::string>(value.data), text_);
    } else if (type.is_timestamp()) {
      append_format_timestamp(text_, std::get<int64_t>(value.data), false, type.kind == TypeKind::kTimestampLtz);
    } else if (type.kind == TypeKind::kDecimal && options_.scientific_decimals) {
      text_ += decimal_to_shortest(std::get<Int128>(value.data), type.scale);
    } else if (type.kind == TypeKind::kTime) {
      append_format_time(text_, std::get<int64_t>(value.data));
    } else if (type.kind == TypeKind::kBoolean) {
      text_ += std::get<bool>(value.data) ? "true" : "false";
    } else if (type.kind == TypeKind::kArray) {
      const char* separator = "";
      for (const Value& element : decode_array(std::get<std::string>(value.data), (*type.children)[0].type)) {
        text_ += separator;
        append_value(element, (*type.children)[0].type);
        separator = options_.array_delimiter.c_str();
      }
    } else if (type.kind == TypeKind::kRow) {
      std::vector<Value> values = decode_row(std::get<std::string>(value.data), type);
      for (size_t i = 0; i < values.size(); ++i) {
        if (i > 0) text_ += options_.array_delimiter;
        append_value(values[i], (*type.children)[i].type);
      }
    } else {
      text_ += value_to_text(value, type, settings_);
    }
  }

  // As Jackson decides, more often than it must: long texts, a backslash, and any character up to the delimiter or the
  // quote in their order.
  bool wants_quotes() const {
    constexpr int64_t kLooked = 24;
    const char last = std::max(options_.delimiter, *options_.quote);
    return count_utf16(text_) > kLooked || std::ranges::any_of(text_, [last](char c) {
             return c == '\\' || static_cast<unsigned char>(c) <= static_cast<unsigned char>(last);
           });
  }

  void append_quoted(Bytes& out) {
    out.push_back(*options_.quote);
    for (char c : text_) {
      if (options_.escape && c == *options_.escape) out.push_back(c);
      if (c == *options_.quote) out.push_back(c);
      out.push_back(c);
    }
    out.push_back(*options_.quote);
  }

  CsvOptions options_;
  const EvalSettings& settings_;
  Bytes text_;
};

}  // namespace

Result<std::unique_ptr<RowEncoder>> make_csv_encoder(const Options& options, const Schema& fields,
                                                     const EvalSettings& settings) {
  TRY_ASSIGN(CsvOptions csv, read_csv_options(options));
  for (const Field& field : fields) TRY(check_csv_type(field.type, field.name));
  return std::unique_ptr<RowEncoder>(std::make_unique<CsvEncoder>(std::move(csv), settings));
}

}  // namespace leat
