#pragma once
// Rows as structs of your own.
//
//   struct View { std::string page_id; leat::Timestamp event_time; std::optional<int32_t> seconds; };
//   LEAT_FIELDS(View, page_id, event_time, seconds)
//
// LEAT_FIELDS stands at namespace scope, beside the struct. Field types: bool, int32_t, int64_t, float, double,
// std::string, leat::Timestamp, and std::optional of each for columns that may be NULL. A NULL for a field that is not
// optional makes the row a dead letter.
#include <compare>
#include <cstdint>
#include <optional>
#include <stdexcept>
#include <string>
#include <tuple>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

namespace leat {

// Microseconds since 1970-01-01 00:00:00, without a time zone: SQL's TIMESTAMP.
struct Timestamp {
  int64_t micros = 0;
  auto operator<=>(const Timestamp&) const = default;
};

// One value on its way between a column and a field. NULL: monostate.
using Cell = std::variant<std::monostate, bool, int64_t, double, std::string>;

struct FieldInfo {
  std::string name;
  std::string sql_type;  // "BIGINT", "TIMESTAMP(3)".
  bool optional;
};

namespace detail {

template <class T>
struct FieldType;  // sql(), get(Cell), put(T): one for each type that a field may have.

template <class T, class Stored>
struct PlainField {
  static T get(const Cell& cell) { return static_cast<T>(std::get<Stored>(cell)); }
  static Cell put(const T& value) { return static_cast<Stored>(value); }
  static constexpr bool optional = false;
};
template <>
struct FieldType<bool> : PlainField<bool, bool> {
  static const char* sql() { return "BOOLEAN"; }
};
template <>
struct FieldType<int32_t> : PlainField<int32_t, int64_t> {
  static const char* sql() { return "INT"; }
};
template <>
struct FieldType<int64_t> : PlainField<int64_t, int64_t> {
  static const char* sql() { return "BIGINT"; }
};
template <>
struct FieldType<float> : PlainField<float, double> {
  static const char* sql() { return "FLOAT"; }
};
template <>
struct FieldType<double> : PlainField<double, double> {
  static const char* sql() { return "DOUBLE"; }
};
template <>
struct FieldType<std::string> : PlainField<std::string, std::string> {
  static const char* sql() { return "STRING"; }
};
template <>
struct FieldType<Timestamp> {
  static const char* sql() { return "TIMESTAMP(3)"; }
  static Timestamp get(const Cell& cell) { return {std::get<int64_t>(cell)}; }
  static Cell put(const Timestamp& value) { return value.micros; }
  static constexpr bool optional = false;
};
template <class T>
struct FieldType<std::optional<T>> {
  static const char* sql() { return FieldType<T>::sql(); }
  static std::optional<T> get(const Cell& cell) {
    if (cell.index() == 0) return std::nullopt;
    return FieldType<T>::get(cell);
  }
  static Cell put(const std::optional<T>& value) { return value ? FieldType<T>::put(*value) : Cell{}; }
  static constexpr bool optional = true;
};

template <class Owner, class T>
struct Member {
  const char* name;
  T Owner::*pointer;
};
template <class Owner, class T>
Member(const char*, T Owner::*) -> Member<Owner, T>;

template <class T, class Visit>
void for_each_field(Visit visit) {
  std::apply([&visit](const auto&... member) { (visit(member), ...); }, leat_fields(static_cast<const T*>(nullptr)));
}

template <class Owner, class T>
FieldInfo field_info(const Member<Owner, T>& member) {
  return {member.name, FieldType<T>::sql(), FieldType<T>::optional};
}

template <class Owner, class T>
void read_field(Owner& out, const Member<Owner, T>& member, const Cell& cell) {
  if (!FieldType<T>::optional && cell.index() == 0) {
    throw std::invalid_argument(std::string("field '") + member.name + "' is NULL and its type is not optional");
  }
  out.*member.pointer = FieldType<T>::get(cell);
}

template <class Owner, class T>
Cell write_field(const Owner& in, const Member<Owner, T>& member) {
  return FieldType<T>::put(in.*member.pointer);
}

}  // namespace detail

template <class T>
std::vector<FieldInfo> fields_of() {
  std::vector<FieldInfo> out;
  detail::for_each_field<T>([&](const auto& member) { out.push_back(detail::field_info(member)); });
  return out;
}

// Throws std::invalid_argument for a NULL in a field that is not optional; the row becomes a dead letter.
template <class T>
T from_cells(const std::vector<Cell>& cells) {
  T out{};
  size_t next = 0;
  detail::for_each_field<T>([&](const auto& member) { detail::read_field(out, member, cells.at(next++)); });
  return out;
}

template <class T>
std::vector<Cell> to_cells(const T& value) {
  std::vector<Cell> out;
  detail::for_each_field<T>([&](const auto& member) { out.push_back(detail::write_field(value, member)); });
  return out;
}

}  // namespace leat

// At most sixteen fields.
#define LEAT_FIELD_(Type, name) \
  ::leat::detail::Member {      \
#name, &Type::name          \
  }
#define LEAT_FIELDS_1(T, a) LEAT_FIELD_(T, a)
#define LEAT_FIELDS_2(T, a, ...) LEAT_FIELD_(T, a), LEAT_FIELDS_1(T, __VA_ARGS__)
#define LEAT_FIELDS_3(T, a, ...) LEAT_FIELD_(T, a), LEAT_FIELDS_2(T, __VA_ARGS__)
#define LEAT_FIELDS_4(T, a, ...) LEAT_FIELD_(T, a), LEAT_FIELDS_3(T, __VA_ARGS__)
#define LEAT_FIELDS_5(T, a, ...) LEAT_FIELD_(T, a), LEAT_FIELDS_4(T, __VA_ARGS__)
#define LEAT_FIELDS_6(T, a, ...) LEAT_FIELD_(T, a), LEAT_FIELDS_5(T, __VA_ARGS__)
#define LEAT_FIELDS_7(T, a, ...) LEAT_FIELD_(T, a), LEAT_FIELDS_6(T, __VA_ARGS__)
#define LEAT_FIELDS_8(T, a, ...) LEAT_FIELD_(T, a), LEAT_FIELDS_7(T, __VA_ARGS__)
#define LEAT_FIELDS_9(T, a, ...) LEAT_FIELD_(T, a), LEAT_FIELDS_8(T, __VA_ARGS__)
#define LEAT_FIELDS_10(T, a, ...) LEAT_FIELD_(T, a), LEAT_FIELDS_9(T, __VA_ARGS__)
#define LEAT_FIELDS_11(T, a, ...) LEAT_FIELD_(T, a), LEAT_FIELDS_10(T, __VA_ARGS__)
#define LEAT_FIELDS_12(T, a, ...) LEAT_FIELD_(T, a), LEAT_FIELDS_11(T, __VA_ARGS__)
#define LEAT_FIELDS_13(T, a, ...) LEAT_FIELD_(T, a), LEAT_FIELDS_12(T, __VA_ARGS__)
#define LEAT_FIELDS_14(T, a, ...) LEAT_FIELD_(T, a), LEAT_FIELDS_13(T, __VA_ARGS__)
#define LEAT_FIELDS_15(T, a, ...) LEAT_FIELD_(T, a), LEAT_FIELDS_14(T, __VA_ARGS__)
#define LEAT_FIELDS_16(T, a, ...) LEAT_FIELD_(T, a), LEAT_FIELDS_15(T, __VA_ARGS__)
#define LEAT_PICK_(_1, _2, _3, _4, _5, _6, _7, _8, _9, _10, _11, _12, _13, _14, _15, _16, picked, ...) picked
#define LEAT_FIELDS(Type, ...)                                                                                 \
  [[maybe_unused]] inline auto leat_fields(const Type*) {                                                      \
    return std::tuple{LEAT_PICK_(__VA_ARGS__, LEAT_FIELDS_16, LEAT_FIELDS_15, LEAT_FIELDS_14, LEAT_FIELDS_13,  \
                                 LEAT_FIELDS_12, LEAT_FIELDS_11, LEAT_FIELDS_10, LEAT_FIELDS_9, LEAT_FIELDS_8, \
                                 LEAT_FIELDS_7, LEAT_FIELDS_6, LEAT_FIELDS_5, LEAT_FIELDS_4, LEAT_FIELDS_3,    \
                                 LEAT_FIELDS_2, LEAT_FIELDS_1, )(Type, __VA_ARGS__)};                          \
  }
