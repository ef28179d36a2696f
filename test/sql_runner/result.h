#pragma once
// StepResult: what a statement gave, as lines that can be compared.
#include <string>
#include <vector>

namespace leat::sqltest {

struct StepResult {
  std::vector<std::string> rows;  // {"op":"+I","row":{…}}: what is left when all changes are applied, in order.
  std::vector<std::string> late;  // As `leat sql --late` writes them.
  std::vector<std::string> dead;  // "CLASS REASON FILE:LINE".
  std::string text;               // Of EXPLAIN.
  std::string error;
  bool skipped = false;  // This way is not for this statement.
};

}  // namespace leat::sqltest
