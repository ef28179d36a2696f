#pragma once
// LateRows: late rows as `leat sql --late` writes them, one line for each window missed:
//   {"late":true,"row":{…},"window_start":"…","window_end":"…"}
// The row has the physical columns of its table, decoded again from the original bytes; a column that does not decode
// (the query did not read it) is null.
#include <map>
#include <string>

#include "columnar/expr.h"
#include "plan/table.h"
#include "stream/dead_letter.h"

namespace leat {

class LateRows {
 public:
  // Both outlive it.
  LateRows(const std::map<std::string, TablePtr>& tables, const EvalSettings& settings)
      : tables_(tables), settings_(settings) {}

  // Appends the lines of a letter that has LateFacts.
  void append(const DeadLetter&, Bytes& out) const;

 private:
  const std::map<std::string, TablePtr>& tables_;
  const EvalSettings& settings_;
};

}  // namespace leat
