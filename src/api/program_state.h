#pragma once
// What stands behind the C++ API's handles. Each step of a stream is bound at once, as SQL over the one before it, and
// becomes a view; user functions become views whose plan is not SQL. So the API means what the SQL means, there is one
// binder, and a mistake is found where it was made.
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "leat/stream.h"
#include "plan/rel.h"
#include "sql/session.h"

namespace leat::detail {

struct ProgramState {
  explicit ProgramState(std::string program_name);

  // The first mistake is kept; later ones follow from it. `what`: the step, "filter".
  void fail(std::string_view what, const std::string& message);
  bool failed() const { return !error.empty(); }
  void run_statements(std::string_view what, std::string_view statements);
  RelPtr bind(std::string_view what, const std::string& select);  // Null after a mistake.
  std::string add_view(RelPtr plan);                              // Its name.
  // The name of a copy of the table with that watermark; the same for the same watermark, so that the table is read
  // once.
  std::string add_watermarked(const std::string& table, const std::string& time, std::chrono::milliseconds delay);

  std::string name;
  Session session;
  std::vector<InsertPlan> inserts;
  std::string error;
  int views = 0;
  std::map<std::string, std::string> watermarked;  // What was asked for -> the copy's name.
};

struct StreamState {
  std::shared_ptr<ProgramState> program;
  std::string name;  // Of a table or view; empty after a mistake.
};

}  // namespace leat::detail
