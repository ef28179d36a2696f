#include "env/posix.h"

#include <errno.h>
#include <malloc.h>
#include <sys/random.h>
#include <sys/resource.h>
#include <time.h>

#include <algorithm>
#include <thread>

#include "env/posix_files.h"
#include "env/thread_workers.h"

namespace leat {
namespace {

constexpr int64_t kNanosPerSecond = 1'000'000'000;

int64_t nanoseconds(clockid_t clock) {
  timespec now{};
  clock_gettime(clock, &now);
  return now.tv_sec * kNanosPerSecond + now.tv_nsec;
}

class PosixClock final : public Clock {
 public:
  WallTime wall() const override { return {nanoseconds(CLOCK_REALTIME) / 1'000'000}; }
  Instant monotonic() const override { return {nanoseconds(CLOCK_MONOTONIC)}; }
  // A signal ends the sleep early, so that a request to stop is seen at once.
  void sleep_for(int64_t duration) override {
    if (duration <= 0) return;
    timespec left{duration / kNanosPerSecond, duration % kNanosPerSecond};
    clock_nanosleep(CLOCK_MONOTONIC, 0, &left, nullptr);
  }
};

class PosixRandom final : public Random {
 public:
  uint64_t next() override {
    uint64_t out = 0;
    while (getrandom(&out, sizeof out, 0) != sizeof out) CHECK(errno == EINTR);
    return out;
  }
};

// Blocks of input are a few hundred kilobytes and live briefly. By default glibc maps and unmaps each of them, and the
// page faults cost as much as the decoding (measured: half of the CPU time of a job over files).
void keep_freed_memory() {
  constexpr int kBytes = 64 << 20;
  mallopt(M_MMAP_THRESHOLD, kBytes);
  mallopt(M_TRIM_THRESHOLD, kBytes);
}

// Many files may be partitions that are read at the same time; the usual limit is for programs that use select().
void allow_open_files() {
  rlimit limit{};
  if (getrlimit(RLIMIT_NOFILE, &limit) != 0) return;
  limit.rlim_cur = limit.rlim_max;
  setrlimit(RLIMIT_NOFILE, &limit);
}

}  // namespace

struct PosixEnv::Parts {
  explicit Parts(int worker_threads) : workers(worker_threads) {}
  PosixClock clock;
  PosixFileSystem files;
  PosixRandom random;
  ThreadWorkers workers;
};

int processor_count() {
  return static_cast<int>(std::max(1u, std::thread::hardware_concurrency()));
}

PosixEnv::PosixEnv(int worker_threads) : parts_(std::make_unique<Parts>(worker_threads)) {
  keep_freed_memory();
  allow_open_files();
}
PosixEnv::~PosixEnv() = default;

Env PosixEnv::env() {
  return {parts_->clock, parts_->files, parts_->random, parts_->workers};
}

}  // namespace leat
