#include "server/run_progress.h"

namespace leat {

void RunProgress::progress(const JobReport& report) {
  constexpr size_t kPlainWidth = 1000;
  Instant now = clock_.monotonic();
  size_t width = console_.err_is_terminal() ? console_.err_width() - 1 : kPlainWidth;
  std::string line = line_.format(report, now, clock_.wall(), width);
  if (console_.err_is_terminal()) {
    console_.live(line);
  } else if (now.value - last_line_.value >= kPlainInterval) {
    last_line_ = now;
    console_.note(line);
  }
}

}  // namespace leat
