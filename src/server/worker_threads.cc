#include "server/worker_threads.h"

#include "env/posix.h"

namespace leat {

int worker_threads(const Settings& settings) {
  int wanted = settings.parallelism();
  if (wanted <= 0) wanted = processor_count();
  return wanted == 1 ? 0 : wanted;
}

}  // namespace leat
