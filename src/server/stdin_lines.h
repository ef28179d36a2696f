#pragma once
// Lines of standard input, and whether the next one has come already: so that what is typed goes out at once and what
// is piped goes out in batches.
#include <string>

#include "base/result.h"

namespace leat {

class StdinLines {
 public:
  explicit StdinLines(size_t line_bytes_max) : line_bytes_max_(line_bytes_max) {}

  // Without its end; a last line without an end counts. False at the end of the input, and when a signal comes.
  // kInvalidArgument: a line is too long.
  Result<bool> next(std::string& line);
  // Whether next() would wait.
  bool must_wait();

 private:
  bool take_line(std::string& line);

  size_t line_bytes_max_;
  std::string buffer_;
  size_t taken_ = 0, searched_ = 0;
  bool ended_ = false;
};

}  // namespace leat
