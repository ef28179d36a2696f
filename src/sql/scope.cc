#include "sql/scope.h"

#include "plan/rel_builder.h"

namespace leat {

std::vector<ScopeColumn> BoundRelation::scope() const {
  RelPtr shown = pending ? make_window_rel(rel, pending->window) : rel;
  std::vector<ScopeColumn> out;
  for (size_t i = 0; i < shown->schema.size(); ++i) {
    Field field = shown->schema[i];
    if (i < column_names.size()) field.name = column_names[i];
    out.push_back({i < aliases.size() ? aliases[i] : std::string(), std::move(field)});
  }
  return out;
}

void BoundRelation::settle() {
  if (!pending) return;
  rel = make_window_rel(rel, pending->window);
  pending.reset();
}

}  // namespace leat
