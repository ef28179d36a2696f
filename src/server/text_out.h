#pragma once
// Where a command's output goes: standard output, or a string in a test.
#include "base/result.h"
#include "base/types.h"

namespace leat {

class TextOut {
 public:
  virtual ~TextOut() = default;
  virtual Status write(BytesView) = 0;  // May keep it for flush(). kNoSpace and kIo end the command.
  virtual Status flush() { return {}; }
};

}  // namespace leat
