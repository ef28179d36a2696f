#pragma once
// Catalog: the tables and views of a session.
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
};

struct Catalog {
  std::map<std::string, TablePtr> tables;
  std::map<std::string, View> views;

  std::vector<std::string> names() const {
    std::vector<std::string> out;
    for (const auto& [name, table] : tables) out.push_back(name);
    for (const auto& [name, view] : views) out.push_back(name);
    return out;
  }
};

}  // namespace leat
