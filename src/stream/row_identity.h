#pragma once
// RowIdentity: gives each row that reaches a function an identity that is the same in every run, whatever the sizes of
// batches are, so that a CrashGuard can tell that a process died at the same row again.
#include <span>
#include <string>

#include "columnar/batch.h"
#include "env/crash_guard.h"
#include "stream/row_function.h"

namespace leat {

class RowIdentity {
 public:
  void begin(const std::string& function, const Batch&);  // A batch, whose rows follow in order.
  GuardedRow of(const Batch&, uint32_t row, std::span<const RowCell> cells);

 private:
  GuardedRow last_;
};

}  // namespace leat
