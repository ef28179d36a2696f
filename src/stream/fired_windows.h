#pragma once
// FiredWindows: where an operator puts the groups of windows that fire.
#include "stream/group_key.h"
#include "stream/operator.h"
#include "stream/window.h"

namespace leat {

class FiredWindows {
 public:
  virtual ~FiredWindows() = default;
  // The batches go to `out` from now on. `steps`: the watermarks that were seen since the last firing, ascending.
  virtual void begin(Output& out, std::span<const int64_t> steps) = 0;
  // Windows come in order of their ends. Key and states must stay as they are until flush().
  virtual Status add(const Window&, const GroupKey&, const char* states) = 0;
  virtual Status flush() = 0;
};

}  // namespace leat
