#pragma once
// What stands behind the C++ API's handles. A stream is SQL text over tables and views of one session; user functions
// become views whose plan is not SQL. So the API means what the SQL means, and there is one binder.
#include <memory>
#include <string>
#include <vector>

#include "leat/leat.h"
#include "plan/rel.h"
#include "sql/session.h"

namespace leat::detail {

struct ProgramState {
  explicit ProgramState(std::string program_name);

  // The first mistake is kept; later ones follow from it.
  void fail(std::string message) {
    if (error.empty()) error = std::move(message);
  }
  void run_statements(std::string_view statements);
  RelPtr bind(const std::string& select);  // Null after a mistake.
  std::string add_view(RelPtr plan);       // Its name.
  // A copy of the table with that watermark; its name.
  std::string add_watermarked(const Table&, const std::string& time, const std::string& delay);

  std::string name;
  Session session;
  std::vector<InsertPlan> inserts;
  std::string error;
  int views = 0;
};

struct StreamState {
  std::shared_ptr<ProgramState> program;
  std::string select;  // A whole query.
  std::string table;   // The table it reads unchanged; else empty.
};

}  // namespace leat::detail
