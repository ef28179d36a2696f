#pragma once
// The logical types of SQL, and the five physical shapes in which their values travel.
//
// One physical type serves all integers and all times, so a kernel is written once:
//   TINYINT..BIGINT  int64, always within the logical type's range
//   DATE             int64, days since 1970-01-01
//   TIME(p)          int64, microseconds since midnight
//   TIMESTAMP(p), TIMESTAMP_LTZ(p)   int64, microseconds since the epoch; p <= 6
//   INTERVAL         int64, months (YEAR TO MONTH) or microseconds (DAY TO SECOND)
//   FLOAT            double that is exactly a float
//   DECIMAL(p, s)    __int128, the unscaled value; p <= 38
//   ROW, ARRAY, MAP  bytes: the encoding of value.h, so that they copy, hash and compare like any bytes
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace leat {

enum class TypeKind : uint8_t {
  kNull,  // The type of a bare NULL before it is given one.
  kBoolean,
  kTinyint,
  kSmallint,
  kInt,
  kBigint,
  kFloat,
  kDouble,
  kDecimal,
  kChar,
  kVarchar,  // STRING is VARCHAR(kLengthMax).
  kBinary,
  kVarbinary,  // BYTES is VARBINARY(kLengthMax).
  kDate,
  kTime,
  kTimestamp,
  kTimestampLtz,
  kIntervalMonths,
  kIntervalMicros,
  kRow,
  kArray,
  kMap,
};

enum class Physical : uint8_t { kBool, kInt64, kDouble, kDecimal, kBytes };

__extension__ typedef __int128 Int128;

struct Field;

struct DataType {
  static constexpr int32_t kLengthMax = 2147483647;

  TypeKind kind = TypeKind::kNull;
  bool nullable = true;
  int32_t precision = 0;  // DECIMAL digits; TIME, TIMESTAMP fraction digits; CHAR.. and BINARY.. length.
  int32_t scale = 0;      // DECIMAL.
  // ROW: its fields. ARRAY: one, the element. MAP: two, key and value.
  std::shared_ptr<const std::vector<Field>> children;

  Physical physical() const;
  bool is_integer() const { return kind >= TypeKind::kTinyint && kind <= TypeKind::kBigint; }
  bool is_numeric() const { return kind >= TypeKind::kTinyint && kind <= TypeKind::kDecimal; }
  bool is_text() const { return kind == TypeKind::kChar || kind == TypeKind::kVarchar; }
  bool is_binary() const { return kind == TypeKind::kBinary || kind == TypeKind::kVarbinary; }
  bool is_timestamp() const { return kind == TypeKind::kTimestamp || kind == TypeKind::kTimestampLtz; }
  bool is_interval() const { return kind == TypeKind::kIntervalMonths || kind == TypeKind::kIntervalMicros; }
  bool is_nested() const { return kind >= TypeKind::kRow; }

  DataType with_nullable(bool value) const;
  bool same_kind(const DataType&) const;  // Equal but for nullability, at every depth.
  bool operator==(const DataType&) const;
  // As Flink writes it: "DECIMAL(10, 2)", "TIMESTAMP(3) NOT NULL", "ROW<`a` INT>".
  std::string to_string() const;

  static DataType null();
  static DataType boolean();
  static DataType tinyint();
  static DataType smallint();
  static DataType integer();
  static DataType bigint();
  static DataType float32();
  static DataType float64();
  static DataType decimal(int32_t precision, int32_t scale);
  static DataType string();
  static DataType varchar(int32_t length);
  static DataType character(int32_t length);
  static DataType bytes();
  static DataType date();
  static DataType time(int32_t precision);
  static DataType timestamp(int32_t precision);
  static DataType timestamp_ltz(int32_t precision);
  static DataType interval_months();
  static DataType interval_micros();
  static DataType row(std::vector<Field> fields);
  static DataType array(DataType element);
  static DataType map(DataType key, DataType value);
};

struct Field {
  std::string name;
  DataType type;
  bool operator==(const Field&) const = default;
};

using Schema = std::vector<Field>;

}  // namespace leat
