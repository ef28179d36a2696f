#include "sql/scope.h"

namespace leat {

std::vector<ScopeColumn> BoundRelation::scope() const {
  std::vector<ScopeColumn> out;
  for (size_t i = 0; i < rel->schema.size(); ++i) {
    Field field = rel->schema[i];
    if (i < column_names.size()) field.name = column_names[i];
    out.push_back({i < aliases.size() ? aliases[i] : std::string(), std::move(field)});
  }
  return out;
}

}  // namespace leat
