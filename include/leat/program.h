#pragma once
// Program: tables, streams over them, and one job that runs them.
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "leat/stream.h"

namespace leat {
namespace detail {
struct ProgramState;
}

// A file, directory or glob as a table.
struct Files {
  std::string path;
  std::string format = "json";                                 // Or "csv"; .gz and .zst are unpacked.
  std::vector<std::pair<std::string, std::string>> options{};  // Further ones of the filesystem connector.
};

// What became of every row since the job's first start. rows_in == what came of it, in every operator.
struct Report {
  struct Operator {
    std::string name;
    int64_t rows_in = 0, rows_out = 0, filtered = 0, late = 0, partly_late = 0, dead = 0;
  };
  bool finished = false;  // The input has ended, and everything is committed.
  int64_t rows_in = 0, rows_out = 0, filtered = 0, late = 0, partly_late = 0, dead = 0;
  int64_t checkpoints = 0;
  bool balanced = true;
  std::optional<Timestamp> watermark;  // Empty before the first row, and after the last.
  std::vector<Operator> operators;
};

// The functions run on the thread of run(), between two rows. What they throw ends run() as a crash would, and comes
// out of it.
struct RunOptions {
  std::string data_directory = "leat-data";  // Of this process alone while it runs.
  bool fresh = false;                        // Forget what is kept of the job, its dead letters too, and start over.
  std::vector<std::pair<std::string, std::string>> settings{};  // As SET: {{"parallelism.default", "4"}}
  std::function<bool()> stop_requested{};                       // Asked often. True: checkpoint and return.
  std::function<void(const Report&)> progress{};                // About five times a second.
};

struct RunResult {
  enum class Outcome : uint8_t {
    kDone,     // The input ended, in this run or an earlier one.
    kStopped,  // As requested; run again to go on.
    kFailed,   // The job failed: a full disk, an unreadable file. Run again to go on from the last checkpoint.
    kInvalid,  // The program is wrong, or is not the one whose state is kept. Nothing was run.
  };
  Outcome outcome = Outcome::kDone;
  std::string error;  // What, where, and what to do. Empty unless kFailed or kInvalid.
  Report report;

  bool ok() const { return error.empty(); }
  int exit_code() const { return outcome == Outcome::kFailed ? 1 : outcome == Outcome::kInvalid ? 2 : 0; }
};

// A row that could not be used, and why: docs/dead-letters.md.
struct LostRow {
  std::string id, table, file, letter_class, reason, message, exception, stack, operator_name;
  uint64_t line = 0;
  int64_t crashes = 0, late_ms = 0;
  std::string value;  // The original bytes; of a row that was none, its columns as JSON.
};

class Program {
 public:
  // The name is the job's, by which it finds its state again: letters, digits, '_' and '-'.
  explicit Program(std::string name);
  ~Program();
  Program(const Program&) = delete;
  Program& operator=(const Program&) = delete;

  // DDL, SET and INSERT INTO, as in a script.
  void sql(std::string_view statements);
  // Rows of a table or view; of a query.
  Stream from(std::string_view table);
  Stream query(std::string_view select);

  // A table whose columns are T's fields, to read or to insert into.
  template <Row T>
  TypedStream<T> files(std::string_view table, const Files& files) {
    return TypedStream<T>(define_files(table, detail::fields_of<T>(), files));
  }
  // A table of rows in memory. Exactly once holds if they are the same again after a restart.
  template <Row T>
  TypedStream<T> rows(std::string_view table, std::span<const T> rows) {
    std::vector<std::vector<detail::OwnedCell>> cells;
    cells.reserve(rows.size());
    for (const T& row : rows) cells.push_back(detail::own_cells(detail::write_cells(row)));
    return TypedStream<T>(define_rows(table, detail::fields_of<T>(), std::move(cells)));
  }
  template <Row T>
  TypedStream<T> rows(std::string_view table, const std::vector<T>& rows) {
    return this->rows<T>(table, std::span<const T>(rows));
  }

  // Runs everything that was inserted somewhere or given to for_each(), as one job, until the input ends or a stop is
  // requested. Goes on where an earlier run stopped or died. A finished job does nothing.
  [[nodiscard]] RunResult run(const RunOptions& = {});

  // The plans of what run() would do, as SQL's EXPLAIN; or the mistake.
  std::string explain() const;
  // The first mistake of the program: an unknown column, a wrong type. Empty if there is none (yet).
  const std::string& error() const;

  // The dead letters of this job, after run(), in order: `visit` returns false to stop. Returns an error, or nothing.
  std::string dead_letters(const std::string& data_directory, const std::function<bool(const LostRow&)>& visit) const;

 private:
  Stream define_files(std::string_view table, const std::vector<detail::FieldInfo>&, const Files&);
  Stream define_rows(std::string_view table, const std::vector<detail::FieldInfo>&,
                     std::vector<std::vector<detail::OwnedCell>>);
  std::shared_ptr<detail::ProgramState> state_;
};

}  // namespace leat
