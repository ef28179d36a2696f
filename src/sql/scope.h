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

// The window columns of a relation, by index; -1: not (any more) there.
struct WindowColumns {
  int start = -1, end = -1, time = -1;
  bool zoned = false;  // The windows are over TIMESTAMP_LTZ: start and end are local times.
};

struct BoundRelation {
  RelPtr rel;
  std::vector<std::string> aliases;  // One a column of the scope.
  WindowColumns window;
  std::vector<std::string> column_names;  // After renaming by an alias's column list.

  std::vector<ScopeColumn> scope() const;  // What names can refer to.
};

}  // namespace leat
