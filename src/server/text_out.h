#pragma once
// Where a command's output goes: standard output, or a string in a test.
#include <cstddef>

#include "base/result.h"
#include "base/types.h"

namespace leat {

class TextOut {
 public:
  virtual ~TextOut() = default;
  virtual Status write(BytesView) = 0;  // May keep it for flush(). kNoSpace and kIo end the command.
  virtual Status flush() { return {}; }
  // How many columns a line can have before the reader's terminal breaks it; 0: as many as it likes.
  virtual size_t width() const { return 0; }
};

}  // namespace leat
