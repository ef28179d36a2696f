#pragma once
// Leat as a library: event-time streaming inside your own program, with the guarantees of `leat run`.
//
//   leat::Program program("page-views");
//   program.sql("CREATE TABLE events (page_id STRING, event_time TIMESTAMP(3)) WITH "
//               "('connector' = 'filesystem', 'path' = 'events/', 'format' = 'json')");
//   program.sql("CREATE TABLE counts (…) WITH (…)");
//   program.from("events")
//       .with_watermark("event_time", 10min)
//       .group_by(window("event_time", 1h), col("page_id"))
//       .count()
//       .insert_into("counts");
//   leat::RunResult result = program.run({.data_directory = "leat-data"});
//
// It says the same things as the SQL and means the same: both build one logical plan. A mistake (an unknown column, a
// table that is not there) is kept until run() or explain(), so that building a program needs no checks in between.
//
// Threads: a Program and what it hands out belong to one thread. User functions run on that thread, one row at a time.
#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "leat/row.h"

namespace leat {

class Stream;
class GroupedStream;
template <class T>
class TypedStream;

namespace detail {
struct ProgramState;
struct StreamState;

// A user's function, without its types: cells in the order of the fields of T in, cells of U out.
using CellFunction = std::function<void(const std::vector<Cell>&, const std::function<void(std::vector<Cell>)>&)>;
}  // namespace detail

// An expression over a stream's columns. Build it from col() and lit(), or write it as SQL with expr().
class Expression {
 public:
  explicit Expression(std::string sql) : sql_(std::move(sql)) {}
  const std::string& sql() const { return sql_; }
  Expression as(std::string_view name) const;  // Names a column of select() or group_by().

 private:
  std::string sql_;
};

Expression col(std::string_view name);
Expression lit(int64_t);
Expression lit(int);
Expression lit(double);
Expression lit(bool);
Expression lit(std::string_view);
inline Expression lit(const char* text) {
  return lit(std::string_view(text));
}
Expression expr(std::string_view sql);

Expression operator==(const Expression&, const Expression&);
Expression operator!=(const Expression&, const Expression&);
Expression operator<(const Expression&, const Expression&);
Expression operator<=(const Expression&, const Expression&);
Expression operator>(const Expression&, const Expression&);
Expression operator>=(const Expression&, const Expression&);
Expression operator+(const Expression&, const Expression&);
Expression operator-(const Expression&, const Expression&);
Expression operator*(const Expression&, const Expression&);
Expression operator/(const Expression&, const Expression&);
Expression operator&&(const Expression&, const Expression&);
Expression operator||(const Expression&, const Expression&);
Expression operator!(const Expression&);

// Aggregates, for aggregate(). Each is named by as().
Expression count();
Expression count(const Expression&);
Expression count_distinct(const Expression&);
Expression sum(const Expression&);
Expression avg(const Expression&);
Expression min(const Expression&);
Expression max(const Expression&);

// A window over an event-time column. Results have the columns window_start and window_end.
class TimeWindow {
 public:
  enum class Kind : uint8_t { kTumble, kHop, kCumulate, kSession };
  Kind kind = Kind::kTumble;
  std::string time;
  std::chrono::milliseconds size{0}, step{0}, offset{0}, max_duration{0};
};
TimeWindow window(std::string_view time, std::chrono::milliseconds size);  // Tumbling.
TimeWindow hopping(std::string_view time, std::chrono::milliseconds size, std::chrono::milliseconds slide);
TimeWindow cumulating(std::string_view time, std::chrono::milliseconds max_size, std::chrono::milliseconds step);
// One session a group. `max_duration` 0: as long as rows keep coming.
TimeWindow session(std::string_view time, std::chrono::milliseconds gap, std::chrono::milliseconds max_duration = {});

struct RunOptions {
  std::string data_directory = "leat-data";
  bool fresh = false;                                         // Start over.
  std::vector<std::pair<std::string, std::string>> settings;  // As `leat run --set`.
  std::function<bool()> stop_requested;                       // Asked often; true: checkpoint and return.
};

// What became of every row, since the job's first start.
struct Report {
  bool finished = false;
  int64_t rows_in = 0, rows_out = 0, filtered = 0, late = 0, partly_late = 0, dead = 0, checkpoints = 0;
};

struct RunResult {
  bool ok = false;
  std::string error;  // What, where, and what to do; empty if ok.
  Report report;
};

class Program {
 public:
  // The name is the job's: it finds its state again by it. Letters, digits, '_' and '-'.
  explicit Program(std::string name);
  ~Program();
  Program(const Program&) = delete;
  Program& operator=(const Program&) = delete;

  void sql(std::string_view statements);  // DDL, SET and INSERT INTO, as in a script.
  Stream from(std::string_view table);    // A table or view.
  Stream query(std::string_view select);

  // Runs every INSERT as one job until the input ends or a stop is requested; goes on where an earlier run stopped.
  RunResult run(const RunOptions& = {});
  std::string explain();  // The plans, or the mistake.

 private:
  std::shared_ptr<detail::ProgramState> state_;
};

// Rows of named columns, in the order of their arrival. A value: every method makes a new stream.
class Stream {
 public:
  // Rows may be this much later than the latest before them. Only directly on a table.
  Stream with_watermark(std::string_view time, std::chrono::milliseconds delay) const;
  Stream filter(const Expression&) const;
  Stream select(const std::vector<Expression>&) const;
  Stream union_all(const Stream&) const;
  template <class... Keys>
  GroupedStream group_by(const TimeWindow&, const Keys&... keys) const;

  // Rows as structs of your own: see LEAT_FIELDS in leat/row.h. Columns are found by name and cast to the fields'
  // types.
  template <class T>
  TypedStream<T> as() const;

  void insert_into(std::string_view table) const;  // By position.

 private:
  friend class Program;
  friend class GroupedStream;
  template <class T>
  friend class TypedStream;
  explicit Stream(std::shared_ptr<detail::StreamState> state) : state_(std::move(state)) {}
  GroupedStream grouped(const TimeWindow&, std::vector<Expression> keys) const;
  Stream with_function(std::string_view name, bool is_filter, const std::vector<FieldInfo>& input,
                       const std::vector<FieldInfo>& output, detail::CellFunction) const;
  std::shared_ptr<detail::StreamState> state_;
};

class GroupedStream {
 public:
  Stream count() const;  // A column named "count".
  // Columns: window_start, window_end, the keys, then these.
  Stream aggregate(const std::vector<Expression>&) const;

 private:
  friend class Stream;
  GroupedStream(Stream input, TimeWindow window, std::vector<Expression> keys)
      : input_(std::move(input)), window_(std::move(window)), keys_(std::move(keys)) {}
  Stream input_;
  TimeWindow window_;
  std::vector<Expression> keys_;
};

// Rows as T. A function that throws loses its row to the dead letters; one that crashes the process is found after the
// third death at the same row, and the job goes on without that row.
template <class T>
class TypedStream {
 public:
  TypedStream filter(std::function<bool(const T&)>) const;
  template <class F>
  auto map(F) const;  // F: const T& -> U, a struct with LEAT_FIELDS.
  // F: (const T&, Emit<U>), which calls emit(u) any number of times.
  template <class U>
  TypedStream<U> flat_map(std::function<void(const T&, const std::function<void(const U&)>&)>) const;
  Stream rows() const { return stream_; }  // Columns named as T's fields.

 private:
  friend class Stream;
  template <class U>
  friend class TypedStream;
  explicit TypedStream(Stream stream) : stream_(std::move(stream)) {}
  Stream stream_;
};

template <class... Keys>
GroupedStream Stream::group_by(const TimeWindow& window, const Keys&... keys) const {
  return grouped(window, {keys...});
}

template <class T>
TypedStream<T> Stream::as() const {
  return TypedStream<T>(*this);
}

template <class T>
TypedStream<T> TypedStream<T>::filter(std::function<bool(const T&)> keep) const {
  auto call = [keep = std::move(keep)](const std::vector<Cell>& row, const auto& emit) {
    if (keep(from_cells<T>(row))) emit(row);
  };
  return TypedStream<T>(stream_.with_function("filter", true, fields_of<T>(), fields_of<T>(), std::move(call)));
}

template <class T>
template <class F>
auto TypedStream<T>::map(F make) const {
  using U = std::decay_t<std::invoke_result_t<F, const T&>>;
  auto call = [make = std::move(make)](const std::vector<Cell>& row, const auto& emit) {
    emit(to_cells(make(from_cells<T>(row))));
  };
  return TypedStream<U>(stream_.with_function("map", false, fields_of<T>(), fields_of<U>(), std::move(call)));
}

template <class T>
template <class U>
TypedStream<U> TypedStream<T>::flat_map(
    std::function<void(const T&, const std::function<void(const U&)>&)> make) const {
  auto call = [make = std::move(make)](const std::vector<Cell>& row, const auto& emit) {
    make(from_cells<T>(row), [&emit](const U& made) { emit(to_cells(made)); });
  };
  return TypedStream<U>(stream_.with_function("flat_map", false, fields_of<T>(), fields_of<U>(), std::move(call)));
}

}  // namespace leat
