#include "format/json_options.h"

#include "format/options.h"

namespace leat {

Result<JsonOptions> read_json_options(const Options& options) {
  OptionReader reader(options, "json.");
  JsonOptions out;
  TRY_ASSIGN(out.fail_on_missing_field, reader.flag("fail-on-missing-field", false));
  TRY_ASSIGN(out.ignore_parse_errors, reader.flag("ignore-parse-errors", false));
  auto standard = reader.one_of("timestamp-format.standard", {"SQL", "ISO-8601"}, "SQL");
  if (!standard) return standard.error();
  out.iso_timestamps = *standard == "ISO-8601";
  TRY_ASSIGN(out.plain_decimals, reader.flag("encode.decimal-as-plain-number", false));
  TRY_ASSIGN(out.ignore_null_fields, reader.flag("encode.ignore-null-fields", false));
  TRY_ASSIGN(out.null_key_mode, reader.one_of("map-null-key.mode", {"FAIL", "DROP", "LITERAL"}, "FAIL"));
  out.null_key_literal = reader.text("map-null-key.literal", "null");
  TRY(reader.finish());
  if (out.fail_on_missing_field && out.ignore_parse_errors) {
    return Error{Errc::kInvalidArgument,
                 "'json.fail-on-missing-field' and 'json.ignore-parse-errors' cannot both be true"};
  }
  return out;
}

Status check_json_type(const DataType& type, const std::string& field) {
  if (type.is_interval()) {
    return Error{Errc::kUnsupported, "column '" + field + "': JSON has no " + type.to_string()};
  }
  if (type.kind == TypeKind::kMap && !(*type.children)[0].type.is_text()) {
    return Error{Errc::kUnsupported,
                 "column '" + field + "': a JSON object's keys are strings, so a MAP's keys must be"};
  }
  if (type.children) {
    for (const Field& child : *type.children) TRY(check_json_type(child.type, field));
  }
  return {};
}

}  // namespace leat
