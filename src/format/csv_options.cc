#include "format/csv_options.h"

#include "format/options.h"

namespace leat {

Result<CsvOptions> read_csv_options(const Options& options) {
  OptionReader reader(options, "csv.");
  CsvOptions out;
  TRY_ASSIGN(out.delimiter, reader.character("field-delimiter", ','));
  TRY_ASSIGN(bool no_quotes, reader.flag("disable-quote-character", false));
  TRY_ASSIGN(char quote, reader.character("quote-character", '"'));
  if (no_quotes)
    out.quote.reset();
  else
    out.quote = quote;
  TRY_ASSIGN(char escape, reader.character("escape-character", '\0'));
  if (escape != '\0') out.escape = escape;
  TRY_ASSIGN(out.allow_comments, reader.flag("allow-comments", false));
  TRY_ASSIGN(out.ignore_parse_errors, reader.flag("ignore-parse-errors", false));
  out.array_delimiter = reader.text("array-element-delimiter", ";");
  constexpr const char* kAbsent = "\x01";
  std::string null_literal = reader.text("null-literal", kAbsent);
  if (null_literal != kAbsent) out.null_literal = null_literal;
  TRY_ASSIGN(out.scientific_decimals, reader.flag("write-bigdecimal-in-scientific-notation", true));
  TRY(reader.finish());
  return out;
}

Status check_csv_type(const DataType& type, const std::string& field) {
  bool refused = type.kind == TypeKind::kMap || type.is_interval();
  if (refused) return Error{Errc::kUnsupported, "column '" + field + "': CSV has no " + type.to_string()};
  if (type.is_nested()) {
    for (const Field& child : *type.children) {
      if (child.type.is_nested()) {
        return Error{Errc::kUnsupported, "column '" + field + "': CSV cannot nest " + child.type.to_string()};
      }
    }
  }
  return {};
}

}  // namespace leat
