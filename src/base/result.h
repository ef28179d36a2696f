#pragma once
// Result<T>: the one way a function reports an error that its caller can act on.
// The interface mirrors std::expected, so that it can be replaced when the toolchain has it.
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <variant>

#include "base/check.h"

namespace leat {

// Small and closed. Each edge translates it once: server/ to exit codes, protocol/ to Kafka's error codes.
enum class Errc : uint8_t {
  kInvalidArgument,
  kNotFound,
  kAlreadyExists,
  kOutOfRange,
  kConflict,
  kFenced,
  kCorruption,
  kIo,
  kNoSpace,
  kTimeout,
  kOverloaded,
  kUnsupported,
  kShuttingDown,
};

struct Error {
  Errc code;
  std::string message;  // For people: what, where, the value, and what to do. Programs read only `code`.
};

template <class T>
class [[nodiscard]] Result {
 public:
  Result(T value) : state_(std::in_place_index<0>, std::move(value)) {}
  Result(Error error) : state_(std::in_place_index<1>, std::move(error)) {}

  bool has_value() const { return state_.index() == 0; }
  explicit operator bool() const { return has_value(); }
  T& operator*() & { return value(); }
  const T& operator*() const& { return value(); }
  T&& operator*() && { return std::move(value()); }
  T* operator->() { return &value(); }
  const T* operator->() const { return &value(); }
  T& value() {
    CHECK(has_value());
    return *std::get_if<0>(&state_);
  }
  const T& value() const {
    CHECK(has_value());
    return *std::get_if<0>(&state_);
  }
  Error& error() {
    CHECK(!has_value());
    return *std::get_if<1>(&state_);
  }
  const Error& error() const {
    CHECK(!has_value());
    return *std::get_if<1>(&state_);
  }

 private:
  std::variant<T, Error> state_;
};

template <>
class [[nodiscard]] Result<void> {
 public:
  Result() = default;
  Result(Error error) : error_(std::move(error)) {}

  bool has_value() const { return !error_; }
  explicit operator bool() const { return has_value(); }
  Error& error() {
    CHECK(error_);
    return *error_;
  }
  const Error& error() const {
    CHECK(error_);
    return *error_;
  }

 private:
  std::optional<Error> error_;
};
using Status = Result<void>;

}  // namespace leat

#define LEAT_CONCAT2(a, b) a##b
#define LEAT_CONCAT(a, b) LEAT_CONCAT2(a, b)
// TRY(status_expression): returns its error from the enclosing function.
#define TRY(expression)                                                                       \
  do {                                                                                        \
    if (auto try_status_ = (expression); !try_status_) return std::move(try_status_.error()); \
  } while (0)
#define TRY_ASSIGN_(temporary, declaration, expression) \
  auto temporary = (expression);                        \
  if (!temporary) return std::move(temporary.error());  \
  declaration = std::move(*temporary)
// TRY_ASSIGN(auto x, result_expression): x is its value, or its error is returned.
#define TRY_ASSIGN(declaration, expression) TRY_ASSIGN_(LEAT_CONCAT(try_result_, __LINE__), declaration, expression)
