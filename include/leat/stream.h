#pragma once
// Streams: what a program says about its rows. A stream is a value and changes nothing: every method makes a new one.
//
// Stream has named columns; TypedStream<T> has rows that are structs (leat/row.h), and everything that a Stream has.
#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <ranges>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "leat/expression.h"
#include "leat/row.h"
#include "leat/window.h"

namespace leat {

class Stream;
class GroupedStream;
template <Row T>
class TypedStream;

// What a row does to the result that it belongs to. Results of windows are only ever inserted; those of a group_by()
// without a window change as rows come.
enum class Change : uint8_t { kInsert, kUpdateBefore, kUpdateAfter, kDelete };

namespace detail {
struct StreamState;

// A user's function, without its types. Returns the name of a field that could not take its NULL, or null.
enum class FunctionKind : uint8_t { kFilter, kMap, kForEach };
using Emit = std::function<void(std::span<const Cell>)>;
using CellFunction = std::function<const char*(std::span<const Cell>, Change, const Emit&)>;
struct Function {
  const char* name;
  FunctionKind kind;
  std::vector<FieldInfo> input, output;
  CellFunction call;
};

template <class R>
concept RowRange = std::ranges::range<R> && Row<std::ranges::range_value_t<R>>;
template <class R>
struct FlatMapped;
template <RowRange R>
struct FlatMapped<R> {
  using type = std::ranges::range_value_t<R>;
};
template <Row U>
struct FlatMapped<std::optional<U>> {
  using type = U;
};
template <class R>
concept RowsOf = requires {
  typename FlatMapped<R>::type;
};
}  // namespace detail

class Stream {
 public:
  // Rows may come this much later than the latest before them; later ones are late. Directly on a table only.
  Stream with_watermark(std::string_view time, std::chrono::milliseconds delay) const;
  Stream filter(const Expression& condition) const;
  template <std::convertible_to<NamedExpression>... Columns>
  Stream select(const Columns&... columns) const {
    return select_columns({columns...});
  }
  Stream distinct() const;
  Stream union_all(const Stream&) const;  // By position, as in SQL.

  // The results of aggregate() and count() have the columns window_start, window_end, the keys, then the results. With
  // "window_time" among the keys, windows can be built on the results again, on that column; they replace the three
  // columns of the windows below, which select() keeps under other names.
  template <std::convertible_to<NamedExpression>... Keys>
  GroupedStream group_by(const TimeWindow&, const Keys&... keys) const;
  // Without a window: an updating result.
  template <std::convertible_to<NamedExpression>... Keys>
  GroupedStream group_by(const Keys&... keys) const;
  // Every row once for each of its windows, with window_start, window_end and window_time as further columns.
  Stream windowed(const TimeWindow&) const;

  // Rows as structs. T's fields are the columns, found by name and cast to the fields' types.
  template <Row T>
  TypedStream<T> as() const;

  // Under this name SQL can read it: program.query("SELECT … FROM name").
  void create_view(std::string_view name) const;
  void insert_into(std::string_view table) const;  // By position, as in SQL.

 private:
  friend class Program;
  friend class GroupedStream;
  template <Row T>
  friend class TypedStream;
  explicit Stream(std::shared_ptr<const detail::StreamState> state) : state_(std::move(state)) {}
  Stream derive(std::string_view what, const std::string& select) const;
  Stream select_columns(const std::vector<NamedExpression>&) const;
  Stream below_window(TimeWindow&) const;
  GroupedStream grouped(std::optional<TimeWindow>, std::vector<NamedExpression> keys) const;
  Stream typed(const std::vector<detail::FieldInfo>&) const;
  Stream with_function(detail::Function) const;
  void end_in(detail::Function) const;
  std::shared_ptr<const detail::StreamState> state_;
};

// Rows by keys, on their way to one row a group.
class GroupedStream {
 public:
  Stream count() const;  // A column "count".
  template <std::convertible_to<Aggregation>... Results>
  Stream aggregate(const Results&... results) const {
    static_assert(sizeof...(results) > 0, "leat: aggregate(count(), sum(\"x\").as(\"x\"), …)");
    return aggregate_all({results...});
  }

 private:
  friend class Stream;
  GroupedStream(Stream input, std::optional<TimeWindow> window, std::vector<NamedExpression> keys)
      : input_(std::move(input)), window_(std::move(window)), keys_(std::move(keys)) {}
  Stream aggregate_all(const std::vector<Aggregation>&) const;
  Stream input_;
  std::optional<TimeWindow> window_;
  std::vector<NamedExpression> keys_;
};

// Functions of your own over rows that are structs. They run on the job's thread, one row at a time, in the order of
// the rows, and again for the same row after a crash: what they return should depend on the row alone.
//
// A function that throws loses its row to the dead letters (class `code`); one whose row has a NULL for a field that is
// not optional never sees it (class `data`). One that kills the process (a crash, abort(), exit()) is found across
// restarts: at the third death at the same row the row becomes a dead letter (class `poison`, with the signal and the
// stack), and the job goes on.
template <Row T>
class TypedStream : public Stream {
 public:
  using Stream::filter;
  TypedStream with_watermark(std::string_view time, std::chrono::milliseconds delay) const {
    return TypedStream(Stream::with_watermark(time, delay));
  }

  template <std::predicate<const T&> Keep>
  TypedStream filter(Keep keep) const;

  // Make: const T& -> U, a struct with LEAT_FIELDS. A time field of U that is called like the event time of T is the
  // event time of the result.
  template <std::invocable<const T&> Make>
  auto map(Make make) const;

  // Make: const T& -> any number of U, as a std::vector<U>, another range, or a std::optional<U>.
  template <std::invocable<const T&> Make>
  auto flat_map(Make make) const;

  // Hands every row to `take`, as the end of the stream. Take: (const T&), or (const T&, Change) if results may update.
  // At once, not at a checkpoint: after a crash it is called again for rows since the last one. A take that fails loses
  // its row to the dead letters, as above.
  template <class Take>
  requires std::invocable<Take&, const T&> || std::invocable<Take&, const T&, Change>
  void for_each(Take take) const;

 private:
  friend class Stream;
  friend class Program;
  template <Row U>
  friend class TypedStream;
  explicit TypedStream(Stream stream) : Stream(std::move(stream)) {}
};

template <std::convertible_to<NamedExpression>... Keys>
GroupedStream Stream::group_by(const TimeWindow& window, const Keys&... keys) const {
  return grouped(window, {keys...});
}

template <std::convertible_to<NamedExpression>... Keys>
GroupedStream Stream::group_by(const Keys&... keys) const {
  static_assert(sizeof...(keys) > 0, "leat: group_by() needs a window, or at least one key");
  return grouped(std::nullopt, {keys...});
}

template <Row T>
TypedStream<T> Stream::as() const {
  return TypedStream<T>(typed(detail::fields_of<T>()));
}

template <Row T>
template <std::predicate<const T&> Keep>
TypedStream<T> TypedStream<T>::filter(Keep keep) const {
  auto call = [keep = std::move(keep)](auto cells, Change, const detail::Emit& emit) mutable -> const char* {
    T row{};
    if (const char* missing = detail::read_cells(cells, row)) return missing;
    if (std::invoke(keep, std::as_const(row))) emit(cells);
    return nullptr;
  };
  auto fields = detail::fields_of<T>();
  return TypedStream(with_function({"filter", detail::FunctionKind::kFilter, fields, fields, std::move(call)}));
}

template <Row T>
template <std::invocable<const T&> Make>
auto TypedStream<T>::map(Make make) const {
  using U = std::decay_t<std::invoke_result_t<Make&, const T&>>;
  static_assert(Row<U>, "leat: map's function returns a struct with LEAT_FIELDS (leat/row.h)");
  auto call = [make = std::move(make)](auto cells, Change, const detail::Emit& emit) mutable -> const char* {
    T row{};
    if (const char* missing = detail::read_cells(cells, row)) return missing;
    const U made = std::invoke(make, std::as_const(row));
    emit(detail::write_cells(made));
    return nullptr;
  };
  return TypedStream<U>(with_function(
      {"map", detail::FunctionKind::kMap, detail::fields_of<T>(), detail::fields_of<U>(), std::move(call)}));
}

template <Row T>
template <std::invocable<const T&> Make>
auto TypedStream<T>::flat_map(Make make) const {
  using Made = std::decay_t<std::invoke_result_t<Make&, const T&>>;
  static_assert(detail::RowsOf<Made>,
                "leat: flat_map's function returns a std::vector or std::optional of structs with LEAT_FIELDS");
  using U = typename detail::FlatMapped<Made>::type;
  auto call = [make = std::move(make)](auto cells, Change, const detail::Emit& emit) mutable -> const char* {
    T row{};
    if (const char* missing = detail::read_cells(cells, row)) return missing;
    const Made made = std::invoke(make, std::as_const(row));
    if constexpr (detail::is_optional<Made>) {
      if (made) emit(detail::write_cells(*made));
    } else {
      for (const U& one : made) emit(detail::write_cells(one));
    }
    return nullptr;
  };
  return TypedStream<U>(with_function(
      {"flat_map", detail::FunctionKind::kMap, detail::fields_of<T>(), detail::fields_of<U>(), std::move(call)}));
}

template <Row T>
template <class Take>
requires std::invocable<Take&, const T&> || std::invocable<Take&, const T&, Change>
void TypedStream<T>::for_each(Take take) const {
  constexpr bool kTakesChanges = std::invocable<Take&, const T&, Change>;
  auto call = [take = std::move(take)](auto cells, [[maybe_unused]] Change change,
                                       const detail::Emit& emit) mutable -> const char* {
    T row{};
    if (const char* missing = detail::read_cells(cells, row)) return missing;
    if constexpr (kTakesChanges) {
      std::invoke(take, std::as_const(row), change);
    } else {
      std::invoke(take, std::as_const(row));
    }
    emit(cells);
    return nullptr;
  };
  auto fields = detail::fields_of<T>();
  auto kind = kTakesChanges ? detail::FunctionKind::kForEach : detail::FunctionKind::kFilter;
  end_in({"for_each", kind, fields, fields, std::move(call)});
}

}  // namespace leat
