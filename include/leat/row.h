#pragma once
// Rows as structs of your own.
//
//   struct View {
//     std::string page_id;
//     leat::Timestamp event_time;
//     std::optional<int32_t> seconds;  // A column that may be NULL.
//   };
//   LEAT_FIELDS(View, page_id, event_time, seconds)
//
// LEAT_FIELDS stands beside the struct, in the same namespace. The struct can be made without arguments. A field is
// found by its name, and has one of these types, or is a std::optional of one:
//
//   bool  int8_t  int16_t  int32_t  int64_t  float  double  std::string
//   leat::Timestamp       TIMESTAMP(3)
//   leat::TimestampLtz    TIMESTAMP_LTZ(3)
//   leat::Date            DATE
//
// Other precisions of time points (std::chrono::local_time<std::chrono::microseconds>, …) are TIMESTAMP(0) and (6). A
// DECIMAL column is read into a double or a std::string, as CAST does it. A NULL for a field that is not optional makes
// its row a dead letter.
#include <array>
#include <chrono>
#include <concepts>
#include <cstdint>
#include <optional>
#include <ratio>
#include <span>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <variant>
#include <vector>

namespace leat {

using Timestamp = std::chrono::local_time<std::chrono::milliseconds>;   // Without a time zone: SQL's TIMESTAMP.
using TimestampLtz = std::chrono::sys_time<std::chrono::milliseconds>;  // A moment: SQL's TIMESTAMP_LTZ.
using Date = std::chrono::local_days;

// "2026-01-31 12:00:00.000", as SQL prints it; and back, from that form with any number of digits of the fraction.
std::string to_text(Timestamp);
std::optional<Timestamp> parse_timestamp(std::string_view);

// A field of a type of your own (an enum, a strong id, an amount of money) is stored as one of the types above. Before
// LEAT_FIELDS:
//
//   template <>
//   struct leat::FieldAs<Cents> {
//     using Stored = int64_t;
//     static Cents from(int64_t stored) { return Cents{stored}; }  // May throw: the row becomes a dead letter.
//     static int64_t to(const Cents& cents) { return cents.value; }
//   };
//
// Text is stored as std::string_view, of characters that live as long as the value does.
template <class T>
struct FieldAs;

namespace detail {

// One value on its way between a column and a field; text is good during the call. NULL: monostate.
using Cell = std::variant<std::monostate, bool, int64_t, double, std::string_view>;

using OwnedCell = std::variant<std::monostate, bool, int64_t, double, std::string>;

enum class FieldKind : uint8_t {
  kBoolean,
  kTinyint,
  kSmallint,
  kInt,
  kBigint,
  kFloat,
  kDouble,
  kString,
  kDate,
  kTimestamp,
  kTimestampLtz
};

struct FieldInfo {
  std::string name;
  FieldKind kind;
  int precision;  // Digits of a second, of timestamps.
  bool optional;
};

// kind, precision, read(Cell), write(T): one for each type that a field may have.
template <class T>
struct FieldType;
template <class T>
concept FieldValue = requires {
  FieldType<T>::kind;
};

template <class T, FieldKind Kind, class Stored>
struct PlainField {
  static constexpr FieldKind kind = Kind;
  static constexpr int precision = 0;
  static T read(const Cell& cell) { return static_cast<T>(*std::get_if<Stored>(&cell)); }
  static Cell write(const T& value) { return static_cast<Stored>(value); }
};
template <>
struct FieldType<bool> : PlainField<bool, FieldKind::kBoolean, bool> {};
template <>
struct FieldType<int8_t> : PlainField<int8_t, FieldKind::kTinyint, int64_t> {};
template <>
struct FieldType<int16_t> : PlainField<int16_t, FieldKind::kSmallint, int64_t> {};
template <>
struct FieldType<int32_t> : PlainField<int32_t, FieldKind::kInt, int64_t> {};
template <class T>
requires std::same_as<T, int64_t> || std::same_as<T, long long>
struct FieldType<T> : PlainField<T, FieldKind::kBigint, int64_t> {
};
template <>
struct FieldType<float> : PlainField<float, FieldKind::kFloat, double> {};
template <>
struct FieldType<double> : PlainField<double, FieldKind::kDouble, double> {};
template <>
struct FieldType<std::string> : PlainField<std::string, FieldKind::kString, std::string_view> {};

template <>  // For FieldAs; a field of a struct owns its text.
struct FieldType<std::string_view> : PlainField<std::string_view, FieldKind::kString, std::string_view> {};

template <class T>
requires requires {
  typename FieldAs<T>::Stored;
}
struct FieldType<T> {
  using Stored = typename FieldAs<T>::Stored;
  static_assert(!std::same_as<Stored, std::string>, "leat: FieldAs stores text as std::string_view");
  static constexpr FieldKind kind = FieldType<Stored>::kind;
  static constexpr int precision = FieldType<Stored>::precision;
  static T read(const Cell& cell) { return FieldAs<T>::from(FieldType<Stored>::read(cell)); }
  static Cell write(const T& value) { return FieldType<Stored>::write(FieldAs<T>::to(value)); }
};

// Time points of std::chrono. Cells hold microseconds, rounded down to the field's unit; of dates, days.
template <class Clock, class Unit, FieldKind Kind>
struct TimeField {
  static_assert(std::ratio_less_equal_v<std::micro, typename Unit::period>,
                "leat: SQL's timestamps have microseconds and nothing finer");
  using Point = std::chrono::time_point<Clock, Unit>;
  using Stored = std::conditional_t<Kind == FieldKind::kDate, std::chrono::days, std::chrono::microseconds>;
  static constexpr FieldKind kind = Kind;
  static constexpr int precision = std::ratio_less_v<typename Unit::period, std::milli>      ? 6
                                   : std::ratio_less_v<typename Unit::period, std::ratio<1>> ? 3
                                                                                             : 0;
  static Point read(const Cell& cell) { return Point(std::chrono::floor<Unit>(Stored(*std::get_if<int64_t>(&cell)))); }
  static Cell write(const Point& value) {
    return static_cast<int64_t>(std::chrono::duration_cast<Stored>(value.time_since_epoch()).count());
  }
};
template <class Unit>
struct FieldType<std::chrono::local_time<Unit>> : TimeField<std::chrono::local_t, Unit, FieldKind::kTimestamp> {};
template <>
struct FieldType<Date> : TimeField<std::chrono::local_t, std::chrono::days, FieldKind::kDate> {};
template <class Unit>
struct FieldType<std::chrono::sys_time<Unit>> : TimeField<std::chrono::system_clock, Unit, FieldKind::kTimestampLtz> {};

template <class T>
inline constexpr bool is_optional = false;
template <class T>
inline constexpr bool is_optional<std::optional<T>> = true;

template <class T>
requires FieldValue<T>
struct FieldType<std::optional<T>> {
  static constexpr FieldKind kind = FieldType<T>::kind;
  static constexpr int precision = FieldType<T>::precision;
  static std::optional<T> read(const Cell& cell) {
    if (cell.index() == 0) return std::nullopt;
    return FieldType<T>::read(cell);
  }
  static Cell write(const std::optional<T>& value) { return value ? FieldType<T>::write(*value) : Cell{}; }
};

template <class Owner, class T>
struct Member {
  static_assert(FieldValue<T>, "leat: a field of this type cannot be a column; leat/row.h lists the types that can");
  using Field = T;
  const char* name;
  T Owner::*pointer;
};
template <class Owner, class T>
Member(const char*, T Owner::*) -> Member<Owner, T>;

}  // namespace detail

// A struct that can be a row: one with LEAT_FIELDS.
template <class T>
concept Row = std::default_initializable<T> && requires(const T* row) {
  leat_fields(row);
};

namespace detail {

template <Row T, class Visit>
void for_each_field(Visit visit) {
  std::apply([&visit](const auto&... member) { (visit(member), ...); }, leat_fields(static_cast<const T*>(nullptr)));
}

template <Row T>
constexpr size_t field_count() {
  return std::tuple_size_v<decltype(leat_fields(static_cast<const T*>(nullptr)))>;
}

template <Row T>
std::vector<FieldInfo> fields_of() {
  std::vector<FieldInfo> out;
  for_each_field<T>([&out](const auto& member) {
    using Field = typename std::decay_t<decltype(member)>::Field;
    out.push_back({member.name, FieldType<Field>::kind, FieldType<Field>::precision, is_optional<Field>});
  });
  return out;
}

// Fills `out`, or returns the name of a field that is not optional and got a NULL.
template <Row T>
const char* read_cells(std::span<const Cell> cells, T& out) {
  size_t next = 0;
  const char* missing = nullptr;
  for_each_field<T>([&](const auto& member) {
    using Field = typename std::decay_t<decltype(member)>::Field;
    const Cell& cell = cells[next++];
    if (!is_optional<Field> && cell.index() == 0) {
      missing = member.name;
    } else {
      out.*member.pointer = FieldType<Field>::read(cell);
    }
  });
  return missing;
}

// Cells that point into `row`.
template <Row T>
std::array<Cell, field_count<T>()> write_cells(const T& row) {
  std::array<Cell, field_count<T>()> out;
  size_t next = 0;
  for_each_field<T>([&](const auto& member) {
    using Field = typename std::decay_t<decltype(member)>::Field;
    out[next++] = FieldType<Field>::write(row.*member.pointer);
  });
  return out;
}

inline std::vector<OwnedCell> own_cells(std::span<const Cell> cells) {
  std::vector<OwnedCell> out;
  for (const Cell& cell : cells) {
    out.push_back(std::visit(
        [](const auto& value) -> OwnedCell {
          if constexpr (std::is_same_v<decltype(value), const std::string_view&>)
            return std::string(value);
          else
            return value;
        },
        cell));
  }
  return out;
}

}  // namespace detail
}  // namespace leat

// The fields of a struct, in the order of the columns; any number up to 256.
#define LEAT_FIELDS(Type, ...)                                            \
  [[maybe_unused]] inline constexpr auto leat_fields(const Type*) {       \
    return std::tuple{LEAT_EXPAND_(LEAT_EACH_FIELD_(Type, __VA_ARGS__))}; \
  }
#define LEAT_FIELD_(Type, name) \
  ::leat::detail::Member {      \
#name, &Type::name          \
  }
// Recursion as the preprocessor has it: each expansion goes one field further.
#define LEAT_PARENS_ ()
#define LEAT_EACH_FIELD_(Type, name, ...) \
  LEAT_FIELD_(Type, name) __VA_OPT__(, LEAT_NEXT_FIELD_ LEAT_PARENS_(Type, __VA_ARGS__))
#define LEAT_NEXT_FIELD_() LEAT_EACH_FIELD_
#define LEAT_EXPAND_(...) LEAT_EXPAND4_(LEAT_EXPAND4_(LEAT_EXPAND4_(LEAT_EXPAND4_(__VA_ARGS__))))
#define LEAT_EXPAND4_(...) LEAT_EXPAND3_(LEAT_EXPAND3_(LEAT_EXPAND3_(LEAT_EXPAND3_(__VA_ARGS__))))
#define LEAT_EXPAND3_(...) LEAT_EXPAND2_(LEAT_EXPAND2_(LEAT_EXPAND2_(LEAT_EXPAND2_(__VA_ARGS__))))
#define LEAT_EXPAND2_(...) LEAT_EXPAND1_(LEAT_EXPAND1_(LEAT_EXPAND1_(LEAT_EXPAND1_(__VA_ARGS__))))
#define LEAT_EXPAND1_(...) __VA_ARGS__
