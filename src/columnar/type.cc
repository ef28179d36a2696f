#include "columnar/type.h"

namespace leat {
namespace {

std::string quoted(const std::string& name) {
  std::string out = "`";
  for (char c : name) {
    if (c == '`') out += '`';
    out += c;
  }
  return out + "`";
}

std::string with_length(const char* name, int32_t length) {
  return std::string(name) + "(" + std::to_string(length) + ")";
}

std::string text_of(const DataType& type) {
  const int32_t p = type.precision;
  switch (type.kind) {
    case TypeKind::kNull:
      return "NULL";
    case TypeKind::kBoolean:
      return "BOOLEAN";
    case TypeKind::kTinyint:
      return "TINYINT";
    case TypeKind::kSmallint:
      return "SMALLINT";
    case TypeKind::kInt:
      return "INT";
    case TypeKind::kBigint:
      return "BIGINT";
    case TypeKind::kFloat:
      return "FLOAT";
    case TypeKind::kDouble:
      return "DOUBLE";
    case TypeKind::kDecimal:
      return "DECIMAL(" + std::to_string(p) + ", " + std::to_string(type.scale) + ")";
    case TypeKind::kChar:
      return with_length("CHAR", p);
    case TypeKind::kVarchar:
      return p == DataType::kLengthMax ? "STRING" : with_length("VARCHAR", p);
    case TypeKind::kBinary:
      return with_length("BINARY", p);
    case TypeKind::kVarbinary:
      return p == DataType::kLengthMax ? "BYTES" : with_length("VARBINARY", p);
    case TypeKind::kDate:
      return "DATE";
    case TypeKind::kTime:
      return with_length("TIME", p);
    case TypeKind::kTimestamp:
      return with_length("TIMESTAMP", p);
    case TypeKind::kTimestampLtz:
      return with_length("TIMESTAMP_LTZ", p);
    case TypeKind::kIntervalMonths:
      return "INTERVAL YEAR TO MONTH";
    case TypeKind::kIntervalMicros:
      return "INTERVAL DAY TO SECOND";
    case TypeKind::kRow: {
      std::string out = "ROW<";
      for (const Field& field : *type.children) {
        if (out.size() > 4) out += ", ";
        out += quoted(field.name) + " " + field.type.to_string();
      }
      return out + ">";
    }
    case TypeKind::kArray:
      return "ARRAY<" + type.children->at(0).type.to_string() + ">";
    case TypeKind::kMap:
      return "MAP<" + type.children->at(0).type.to_string() + ", " + type.children->at(1).type.to_string() + ">";
  }
  return "?";
}

DataType plain(TypeKind kind, int32_t precision = 0, int32_t scale = 0) {
  DataType type;
  type.kind = kind;
  type.precision = precision;
  type.scale = scale;
  return type;
}

DataType nested(TypeKind kind, std::vector<Field> children) {
  DataType type = plain(kind);
  type.children = std::make_shared<const std::vector<Field>>(std::move(children));
  return type;
}

}  // namespace

Physical DataType::physical() const {
  switch (kind) {
    case TypeKind::kNull:
    case TypeKind::kBoolean:
      return Physical::kBool;
    case TypeKind::kFloat:
    case TypeKind::kDouble:
      return Physical::kDouble;
    case TypeKind::kDecimal:
      return Physical::kDecimal;
    case TypeKind::kChar:
    case TypeKind::kVarchar:
    case TypeKind::kBinary:
    case TypeKind::kVarbinary:
    case TypeKind::kRow:
    case TypeKind::kArray:
    case TypeKind::kMap:
      return Physical::kBytes;
    default:
      return Physical::kInt64;
  }
}

DataType DataType::with_nullable(bool value) const {
  DataType copy = *this;
  copy.nullable = value;
  return copy;
}

bool DataType::same_kind(const DataType& other) const {
  if (kind != other.kind || precision != other.precision || scale != other.scale) return false;
  if (!is_nested()) return true;
  if (children->size() != other.children->size()) return false;
  for (size_t i = 0; i < children->size(); ++i) {
    const Field& mine = (*children)[i];
    const Field& theirs = (*other.children)[i];
    if ((kind == TypeKind::kRow && mine.name != theirs.name) || !mine.type.same_kind(theirs.type)) return false;
  }
  return true;
}

bool DataType::operator==(const DataType& other) const {
  if (kind != other.kind || nullable != other.nullable || precision != other.precision || scale != other.scale) {
    return false;
  }
  return !is_nested() || children == other.children || *children == *other.children;
}

std::string DataType::to_string() const {
  return text_of(*this) + (nullable ? "" : " NOT NULL");
}

DataType DataType::null() {
  return plain(TypeKind::kNull);
}
DataType DataType::boolean() {
  return plain(TypeKind::kBoolean);
}
DataType DataType::tinyint() {
  return plain(TypeKind::kTinyint);
}
DataType DataType::smallint() {
  return plain(TypeKind::kSmallint);
}
DataType DataType::integer() {
  return plain(TypeKind::kInt);
}
DataType DataType::bigint() {
  return plain(TypeKind::kBigint);
}
DataType DataType::float32() {
  return plain(TypeKind::kFloat);
}
DataType DataType::float64() {
  return plain(TypeKind::kDouble);
}
DataType DataType::decimal(int32_t precision, int32_t scale) {
  return plain(TypeKind::kDecimal, precision, scale);
}
DataType DataType::string() {
  return plain(TypeKind::kVarchar, kLengthMax);
}
DataType DataType::varchar(int32_t length) {
  return plain(TypeKind::kVarchar, length);
}
DataType DataType::character(int32_t length) {
  return plain(TypeKind::kChar, length);
}
DataType DataType::bytes() {
  return plain(TypeKind::kVarbinary, kLengthMax);
}
DataType DataType::date() {
  return plain(TypeKind::kDate);
}
DataType DataType::time(int32_t precision) {
  return plain(TypeKind::kTime, precision);
}
DataType DataType::timestamp(int32_t precision) {
  return plain(TypeKind::kTimestamp, precision);
}
DataType DataType::timestamp_ltz(int32_t precision) {
  return plain(TypeKind::kTimestampLtz, precision);
}
DataType DataType::interval_months() {
  return plain(TypeKind::kIntervalMonths);
}
DataType DataType::interval_micros() {
  return plain(TypeKind::kIntervalMicros);
}
DataType DataType::row(std::vector<Field> fields) {
  return nested(TypeKind::kRow, std::move(fields));
}
DataType DataType::array(DataType element) {
  return nested(TypeKind::kArray, {{"element", std::move(element)}});
}
DataType DataType::map(DataType key, DataType value) {
  return nested(TypeKind::kMap, {{"key", std::move(key)}, {"value", std::move(value)}});
}

}  // namespace leat
