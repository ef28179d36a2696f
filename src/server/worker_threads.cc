#include "server/worker_threads.h"

#include <algorithm>
#include <thread>

namespace leat {

int worker_threads(const Settings& settings) {
  int wanted = settings.parallelism();
  if (wanted <= 0) wanted = static_cast<int>(std::max(1u, std::thread::hardware_concurrency()));
  return wanted == 1 ? 0 : wanted;
}

}  // namespace leat
