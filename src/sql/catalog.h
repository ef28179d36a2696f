#pragma once
// Catalog: the tables and views of a session.
#include <algorithm>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "plan/rel.h"
#include "sql/ast.h"

namespace leat {

struct View {
  std::string name;
  std::string script;                // The text that `query` stands in, for errors.
  ast::QueryPtr query;               // Bound anew at each use; or
  RelPtr plan;                       // a plan of its own (the C++ API's functions).
  std::vector<std::string> columns;  // Their names; empty: the query's.
  std::string text{};                // The CREATE VIEW as written.
};

struct Catalog {
  std::map<std::string, TablePtr> tables;
  std::map<std::string, View> views;
  std::function<Status(const Table&)> check;  // Of a table's options; may be empty.

  // Of tables and views, sorted.
  std::vector<std::string> names() const {
    std::vector<std::string> out;
    for (const auto& [name, table] : tables) out.push_back(name);
    for (const auto& [name, view] : views) out.push_back(name);
    std::sort(out.begin(), out.end());
    return out;
  }

  // The table with a hint's options, checked like those of a new table.
  Result<TablePtr> hinted(const Table& table, const ast::Options& hints) const {
    auto out = std::make_shared<Table>(table);
    for (const auto& [key, value] : hints) out->options[key] = value;
    if (check) TRY(check(*out));
    return TablePtr(std::move(out));
  }
};

}  // namespace leat
