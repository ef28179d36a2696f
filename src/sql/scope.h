#pragma once
// What a name can mean at a place in a query.
#include <optional>
#include <string>
#include <vector>

#include "plan/rel.h"

namespace leat {

// Columns of a relation under binding, with the alias of the table that each came from.
struct ScopeColumn {
  std::string table;  // Alias; empty: none.
  Field field;
};

// A window function that no node stands for yet: if the query groups by its window the aggregate takes it in.
struct PendingWindow {
  WindowFunctionRel window;
};

// The window columns of a relation, by index; -1: not (any more) there.
struct WindowColumns {
  int start = -1, end = -1, time = -1;
};

struct BoundRelation {
  RelPtr rel;
  std::vector<std::string> aliases;  // One a column of the scope.
  std::optional<PendingWindow> pending;
  WindowColumns window;
  std::vector<std::string> column_names;  // After renaming by an alias's column list.

  size_t base_columns() const { return rel->schema.size(); }
  // What names can refer to: the relation's columns, then those of the pending window.
  std::vector<ScopeColumn> scope() const;
  // The window function as a node of its own.
  void settle();
};

}  // namespace leat
