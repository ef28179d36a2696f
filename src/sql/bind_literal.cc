// Types and literals.
#include <algorithm>
#include <charconv>
#include <cmath>

#include "columnar/civil.h"
#include "columnar/decimal.h"
#include "columnar/function.h"
#include "columnar/number_text.h"
#include "sql/binder.h"
#include "sql/error.h"

namespace leat {
namespace {

Result<DataType> with_length(std::string_view script, const ast::Type& type, bool text, bool varies) {
  int64_t length = type.precision.value_or(1);
  if (length < 1 || length > DataType::kLengthMax) {
    return sql_error(script, type.position, "a length is from 1 to 2147483647");
  }
  DataType out = text ? (varies ? DataType::varchar(static_cast<int32_t>(length))
                                : DataType::character(static_cast<int32_t>(length)))
                      : DataType::bytes();
  if (!text) {
    out.kind = varies ? TypeKind::kVarbinary : TypeKind::kBinary;
    out.precision = static_cast<int32_t>(length);
  }
  return out;
}

Result<DataType> with_time_precision(std::string_view script, const ast::Type& type, int32_t fallback) {
  int64_t precision = type.precision.value_or(fallback);
  if (precision < 0 || precision > 9) return sql_error(script, type.position, "a precision is from 0 to 9");
  if (precision > 6) {
    return unsupported(script, type.position,
                       type.name + "(" + std::to_string(precision) + "): at most 6, microseconds");
  }
  auto p = static_cast<int32_t>(precision);
  if (type.name == "TIME") return DataType::time(p);
  return type.name == "TIMESTAMP" ? DataType::timestamp(p) : DataType::timestamp_ltz(p);
}

Result<DataType> decimal_type(std::string_view script, const ast::Type& type) {
  int64_t precision = type.precision.value_or(10), scale = type.scale.value_or(0);
  if (precision < 1 || precision > kDecimalDigitsMax) {
    return sql_error(script, type.position, "a DECIMAL has from 1 to 38 digits");
  }
  if (scale < 0 || scale > precision) {
    return sql_error(script, type.position, "a DECIMAL's scale is from 0 to its precision");
  }
  return DataType::decimal(static_cast<int32_t>(precision), static_cast<int32_t>(scale));
}

Result<DataType> type_without_null(std::string_view script, const ast::Type& type) {
  const std::string& name = type.name;
  if (name == "BOOLEAN") return DataType::boolean();
  if (name == "TINYINT") return DataType::tinyint();
  if (name == "SMALLINT") return DataType::smallint();
  if (name == "INT") return DataType::integer();
  if (name == "BIGINT") return DataType::bigint();
  if (name == "FLOAT") return DataType::float32();
  if (name == "DOUBLE") return DataType::float64();
  if (name == "DECIMAL") return decimal_type(script, type);
  if (name == "STRING") return DataType::string();
  if (name == "BYTES") return DataType::bytes();
  if (name == "CHAR" || name == "VARCHAR") return with_length(script, type, true, name == "VARCHAR");
  if (name == "BINARY" || name == "VARBINARY") return with_length(script, type, false, name == "VARBINARY");
  if (name == "DATE") return DataType::date();
  if (name == "TIME") return with_time_precision(script, type, 0);
  if (name == "TIMESTAMP" || name == "TIMESTAMP_LTZ") return with_time_precision(script, type, 6);
  if (name == "INTERVAL MONTH") return DataType::interval_months();
  if (name == "INTERVAL SECOND") return DataType::interval_micros();
  if (name == "ARRAY") {
    TRY_ASSIGN(DataType element, bind_type(script, *type.arguments[0]));
    return DataType::array(std::move(element));
  }
  if (name == "MAP") {
    TRY_ASSIGN(DataType key, bind_type(script, *type.arguments[0]));
    TRY_ASSIGN(DataType value, bind_type(script, *type.arguments[1]));
    return DataType::map(std::move(key), std::move(value));
  }
  CHECK(name == "ROW");
  std::vector<Field> fields;
  for (const ast::TypeField& field : type.fields) {
    for (const Field& other : fields) {
      if (other.name == field.name)
        return sql_error(script, type.position, "two fields are named '" + field.name + "'");
    }
    TRY_ASSIGN(DataType bound, bind_type(script, field.type));
    fields.push_back({field.name, std::move(bound)});
  }
  return DataType::row(std::move(fields));
}

bool parse_whole(std::string_view text, int64_t& out) {
  auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), out);
  return failure == std::errc() && end == text.data() + text.size() && !text.empty();
}

int64_t micros_of(const std::string& unit) {
  if (unit == "WEEK") return 7 * kMicrosPerDay;
  if (unit == "DAY") return kMicrosPerDay;
  if (unit == "HOUR") return kMicrosPerHour;
  if (unit == "MINUTE") return kMicrosPerMinute;
  return kMicrosPerSecond;
}

// "12" or, for seconds, "12.345".
bool parse_part(std::string_view text, const std::string& unit, int64_t& micros) {
  size_t point = unit == "SECOND" ? text.find('.') : std::string_view::npos;
  int64_t number = 0;
  if (!parse_whole(text.substr(0, point), number) || number < 0) return false;
  if (__builtin_mul_overflow(number, micros_of(unit), &micros)) return false;
  if (point == std::string_view::npos) return true;
  std::string fraction(text.substr(point + 1));
  if (fraction.empty() || fraction.size() > 9) return false;
  fraction.resize(6, '0');
  int64_t rest = 0;
  if (!parse_whole(fraction, rest)) return false;
  micros += rest;
  return true;
}

// "1 02:03:04.5" DAY TO SECOND and its shorter kin.
bool parse_compound(std::string_view text, const std::string& from, const std::string& to, int64_t& micros) {
  static const std::vector<std::string> kUnits = {"DAY", "HOUR", "MINUTE", "SECOND"};
  auto first = std::find(kUnits.begin(), kUnits.end(), from), last = std::find(kUnits.begin(), kUnits.end(), to);
  if (first == kUnits.end() || last == kUnits.end() || first >= last) return false;
  micros = 0;
  for (auto unit = first; unit <= last; ++unit) {
    size_t end = unit == last ? std::string_view::npos : text.find(*unit == "DAY" ? ' ' : ':');
    if (unit != last && end == std::string_view::npos) return false;
    int64_t part = 0;
    if (!parse_part(text.substr(0, end), *unit, part) || __builtin_add_overflow(micros, part, &micros)) return false;
    if (unit != last) text.remove_prefix(end + 1);
  }
  return true;
}

}  // namespace

Result<DataType> bind_type(std::string_view script, const ast::Type& type) {
  TRY_ASSIGN(DataType out, type_without_null(script, type));
  return out.with_nullable(type.nullable);
}

Result<ExprPtr> bind_interval(std::string_view script, const ast::Expr& at, const ast::IntervalLiteral& literal) {
  std::string_view text = literal.text;
  bool negative = literal.negative;
  if (text.starts_with('-')) {
    negative = !negative;
    text.remove_prefix(1);
  } else if (text.starts_with('+')) {
    text.remove_prefix(1);
  }
  const std::string& unit = literal.from_unit;
  int64_t value = 0;
  bool months = unit == "YEAR" || unit == "QUARTER" || unit == "MONTH";
  bool known = months || unit == "WEEK" || unit == "DAY" || unit == "HOUR" || unit == "MINUTE" || unit == "SECOND";
  if (!known) return sql_error(script, at.position, "an interval has no unit " + unit);
  bool good = false;
  if (literal.to_unit.empty()) {
    good = months ? parse_whole(text, value) && value >= 0 : parse_part(text, unit, value);
    if (good && months) value *= unit == "YEAR" ? 12 : unit == "QUARTER" ? 3 : 1;
    // Calcite, and so Flink: two digits unless the precision says more.
    size_t digits = std::min(text.find('.'), text.size());
    while (digits > 1 && text.starts_with('0')) {
      text.remove_prefix(1);
      --digits;
    }
    int64_t allowed = literal.leading_precision.value_or(2);
    if (good && static_cast<int64_t>(digits) > allowed) {
      return sql_error(script, at.position,
                       "interval '" + literal.text + "' has more than " + std::to_string(allowed) + " digits: write " +
                           unit + "(" + std::to_string(digits) + ")");
    }
  } else if (unit == "YEAR" && literal.to_unit == "MONTH") {
    size_t dash = text.find('-');
    int64_t years = 0, rest = 0;
    good = dash != std::string_view::npos && parse_whole(text.substr(0, dash), years) &&
           parse_whole(text.substr(dash + 1), rest) && years >= 0 && rest >= 0 && rest < 12;
    value = years * 12 + rest;
  } else {
    good = parse_compound(text, unit, literal.to_unit, value);
  }
  if (!good) {
    return sql_error(
        script, at.position,
        "'" + literal.text + "' is no interval of " + unit + (literal.to_unit.empty() ? "" : " TO " + literal.to_unit));
  }
  DataType type = months ? DataType::interval_months() : DataType::interval_micros();
  return Expr::make_literal(Value{negative ? -value : value}, type.with_nullable(false));
}

Result<ExprPtr> bind_number(std::string_view script, const ast::Expr& at, const std::string& text) {
  const Error out_of_range = sql_error(script, at.position, "the number " + text + " is out of range");
  const auto literal = [](Value value, const DataType& type) {
    return Expr::make_literal(std::move(value), type.with_nullable(false));
  };
  if (text.find_first_of("eE") != std::string::npos) {
    const auto value = double_from_text(text);
    if (!value || !std::isfinite(*value)) return out_of_range;
    return literal(Value{*value}, DataType::float64());
  }
  const size_t point = text.find('.');
  std::string digits = text;
  if (point != std::string::npos) digits.erase(point, 1);
  // Calcite, and so Flink, refuses what has more digits than a BIGINT, wherever the point stands.
  int64_t unscaled = 0;
  if (!parse_whole(digits, unscaled)) return out_of_range;
  const size_t scale = text.size() - std::min(text.size(), point + 1);
  if (point == std::string::npos || scale == 0) {
    const bool narrow = unscaled == static_cast<int32_t>(unscaled);
    return literal(Value{unscaled}, narrow ? DataType::integer() : DataType::bigint());
  }
  // Every digit counts, also a zero before the point.
  const size_t precision = digits.size() - (digits.starts_with('-') ? 1 : 0);
  if (precision > static_cast<size_t>(kDecimalDigitsMax)) return out_of_range;
  return literal(Value{Int128{unscaled}},
                 DataType::decimal(static_cast<int32_t>(precision), static_cast<int32_t>(scale)));
}

Result<ExprPtr> bind_time(std::string_view script, const ast::Expr& at, const ast::TimeLiteral& literal) {
  static const EvalSettings kSettings;
  size_t point = literal.text.find('.');
  auto digits = static_cast<int32_t>(point == std::string::npos ? 0 : literal.text.size() - point - 1);
  if (digits > 6) return unsupported(script, at.position, "more than 6 digits of a second");
  DataType type = literal.kind == "DATE"   ? DataType::date()
                  : literal.kind == "TIME" ? DataType::time(digits)
                                           : DataType::timestamp(digits);
  auto value = value_from_text(literal.text, type, kSettings);
  if (!value || value->is_null()) {
    return sql_error(script, at.position, "'" + literal.text + "' is no " + literal.kind);
  }
  return Expr::make_literal(std::move(*value), type.with_nullable(false));
}

}  // namespace leat
