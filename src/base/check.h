#pragma once
// CHECK states what the programmer believes. It stays on in release builds: a broken belief is a bug, and stopping is
// safer than writing wrong data. Never CHECK input: an input error is a Result, a bad row is data.
#include <cstdio>
#include <cstdlib>

namespace leat {

[[noreturn]] inline void check_failed(const char* file, int line, const char* condition) {
  std::fprintf(stderr, "%s:%d: CHECK failed: %s\n", file, line, condition);
  std::abort();
}

}  // namespace leat

#define CHECK(condition)                                    \
  do {                                                      \
    if (!(condition)) [[unlikely]]                          \
      ::leat::check_failed(__FILE__, __LINE__, #condition); \
  } while (0)
