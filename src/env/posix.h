#pragma once
// The Env of production: POSIX files, the kernel's clocks and random numbers, a pool of threads.
#include <memory>

#include "env/env.h"

namespace leat {

int processor_count();

class PosixEnv {
 public:
  // `worker_threads` 0: Workers run each piece of work on the caller's thread.
  explicit PosixEnv(int worker_threads = 0);
  ~PosixEnv();
  Env env();

 private:
  struct Parts;
  std::unique_ptr<Parts> parts_;
};

}  // namespace leat
