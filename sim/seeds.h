#pragma once
// Which seeds a test runs over, and how to run one again.
#include <cstdint>
#include <string>
#include <vector>

namespace leat::sim {

// 1..count; LEAT_SEEDS=N makes it 1..N, LEAT_SEED=N the one seed N.
std::vector<uint64_t> seeds(uint64_t count);

// The run of one seed in a GoogleTest test. While it lives, a crash of the program (a CHECK, a signal) says which seed
// it was. One at a time.
class SeedRun {
 public:
  // `program`: the test's file name; `test` as in "Suite.Name".
  SeedRun(const char* program, const char* test, uint64_t seed);
  ~SeedRun();
  SeedRun(const SeedRun&) = delete;

  // What to type to run this seed alone.
  const std::string& command() const { return command_; }

 private:
  std::string command_;
};

}  // namespace leat::sim
