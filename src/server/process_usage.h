#pragma once
// What this process has used of the machine.
#include <cstdint>

namespace leat {

struct ProcessUsage {
  double cpu_seconds = 0;  // User and system, all threads.
  uint64_t peak_rss_bytes = 0;
};

ProcessUsage process_usage();

}  // namespace leat
