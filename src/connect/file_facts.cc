#include "connect/file_facts.h"

#include "base/units.h"
#include "columnar/function.h"
#include "columnar/time_text.h"
#include "columnar/utf8.h"

namespace leat {
namespace {

constexpr const char* kPath = "file.path";
constexpr const char* kName = "file.name";
constexpr const char* kSize = "file.size";
constexpr const char* kModified = "file.modification-time";

std::string_view name_of(std::string_view path) {
  size_t slash = path.rfind('/');
  return slash == std::string_view::npos ? path : path.substr(slash + 1);
}

int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  return -1;
}

}  // namespace

Status check_file_metadata(const std::vector<Field>& wanted) {
  static const std::vector<std::string> kKeys = {kPath, kName, kSize, kModified};
  for (const Field& field : wanted) {
    bool text = field.name == kPath || field.name == kName;
    if (!text && field.name != kSize && field.name != kModified) {
      return Error{Errc::kInvalidArgument,
                   "files have no metadata '" + field.name + "'" + did_you_mean(field.name, kKeys)};
    }
    const char* expected = text ? "STRING" : field.name == kSize ? "BIGINT" : "TIMESTAMP_LTZ(3)";
    bool fits = text                  ? field.type.is_text()
                : field.name == kSize ? field.type.kind == TypeKind::kBigint
                                      : field.type.kind == TypeKind::kTimestampLtz;
    if (!fits) {
      return Error{Errc::kInvalidArgument,
                   "metadata '" + field.name + "' is " + expected + ", not " + field.type.to_string()};
    }
  }
  return {};
}

Value file_metadata(const Field& key, const std::string& path, const FileInfo& info) {
  if (key.name == kPath) return Value{sanitized(path)};
  if (key.name == kName) return Value{sanitized(name_of(path))};
  if (key.name == kSize) return Value{static_cast<int64_t>(info.size)};
  CHECK(key.name == kModified);
  return Value{cut_to_precision(info.modified.value * 1000, key.type.precision)};
}

Result<Value> path_value(const Field& column, std::string_view path, const std::string& null_name,
                         const EvalSettings& settings) {
  std::string prefix = "/" + column.name + "=";
  size_t at = path.rfind(prefix);
  size_t end = at == std::string_view::npos ? at : path.find('/', at + prefix.size());
  if (end == std::string_view::npos) {
    return Error{Errc::kNotFound, "the path has no directory '" + column.name +
                                      "=…', from which the column's value comes: " + sanitized(path)};
  }
  std::string text = unescape_path_value(path.substr(at + prefix.size(), end - at - prefix.size()));
  if (text == null_name) {
    if (column.type.nullable) return Value{};
    return Error{Errc::kInvalidArgument, "column '" + column.name + "' is NOT NULL, and the path says NULL"};
  }
  if (column.type.is_text()) return Value{sanitized(text)};
  auto value = value_from_text(text, column.type, settings);
  if (value && !value->is_null()) return std::move(*value);
  return Error{Errc::kInvalidArgument,
               "column '" + column.name + "': '" + text + "' in the path is no " + column.type.to_string()};
}

std::string escape_path_value(std::string_view text) {
  static constexpr char kHex[] = "0123456789ABCDEF";
  std::string out;
  for (char c : text) {
    auto byte = static_cast<unsigned char>(c);
    if (byte < 0x20 || byte == 0x7f || std::string_view("\"#%'*/:=?\\{[]^").find(c) != std::string_view::npos) {
      out += '%';
      out += kHex[byte >> 4];
      out += kHex[byte & 15];
    } else {
      out += c;
    }
  }
  return out == "." || out == ".." ? "%2E" + out.substr(1) : out;
}

std::string unescape_path_value(std::string_view name) {
  std::string out;
  for (size_t i = 0; i < name.size(); ++i) {
    int high = name[i] == '%' && i + 2 < name.size() ? hex_digit(name[i + 1]) : -1;
    int low = high >= 0 ? hex_digit(name[i + 2]) : -1;
    out += low >= 0 ? static_cast<char>(high << 4 | low) : name[i];
    if (low >= 0) i += 2;
  }
  return out;
}

}  // namespace leat
