#pragma once
// Session: tables, views and settings as statements change them, and what each statement means.
//
// Lifecycle: one per script run or prompt. Threads: one owner. Nothing is read or written but the catalog: running the
// plans is the caller's.
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <variant>
#include <vector>

#include "base/result.h"
#include "plan/rel.h"
#include "plan/settings.h"
#include "sql/ast.h"

namespace leat {

struct TextTable {
  std::vector<std::string> columns;
  std::vector<std::vector<std::string>> rows;
};

// What a statement asks for.
struct Done {};  // DDL, SET, RESET: it is done.
struct Show {
  TextTable table;
};  // SHOW, DESCRIBE, SET without arguments.
struct Explained {
  std::string text;
};
struct RunQuery {
  RelPtr query;
  std::vector<std::string> warnings;
};
struct RunInserts {
  std::vector<InsertPlan> inserts;
};  // One INSERT, or a statement set.
using Outcome = std::variant<Done, Show, Explained, RunQuery, RunInserts>;

struct Catalog;

class Session {
 public:
  // Checks WITH options when a table is created; set by whoever knows the connectors. May be empty.
  using TableCheck = std::function<Status(const Table&)>;
  explicit Session(TableCheck check = {});
  ~Session();

  // Errors carry line, column, the line itself with a caret, and what was expected.
  Result<Outcome> execute(const ast::Statement& statement, std::string_view script_text);

  // For the C++ API. The plan of a query; a table, and a name for a plan, that are not SQL (kAlreadyExists); a copy of
  // a table with a watermark, whose expression is SQL over the table's columns.
  Result<RelPtr> bind_query(std::string_view sql);
  Status define_table(TablePtr);
  Status define_view(const std::string& name, RelPtr);
  Status define_watermarked(const std::string& name, const std::string& table, const std::string& time,
                            const std::string& expr);

  Settings& settings() { return settings_; }
  const Settings& settings() const { return settings_; }
  const std::map<std::string, TablePtr>& tables() const;
  std::vector<std::string> names() const;  // Tables and views, for completion.

 private:
  struct Execute;
  Status must_be_new(const std::string& name) const;
  Settings settings_;
  std::unique_ptr<Catalog> catalog_;
};

}  // namespace leat
