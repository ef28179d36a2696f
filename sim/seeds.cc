#include "sim/seeds.h"

#include <unistd.h>

#include <csignal>
#include <cstdlib>
#include <cstring>

namespace leat::sim {
namespace {

constexpr int kSignals[] = {SIGABRT, SIGSEGV, SIGBUS, SIGFPE, SIGILL};
const char* current = nullptr;  // What the handler prints: it may not allocate.

void say_and_die(int signal) {
  for (const char* text : {"\nagain: ", current, "\n"}) {
    ssize_t written = write(STDERR_FILENO, text, std::strlen(text));
    if (written < 0) break;
  }
  std::signal(signal, SIG_DFL);
  std::raise(signal);
}

}  // namespace

std::vector<uint64_t> seeds(uint64_t count) {
  if (const char* one = std::getenv("LEAT_SEED")) return {std::strtoull(one, nullptr, 10)};
  if (const char* many = std::getenv("LEAT_SEEDS")) count = std::strtoull(many, nullptr, 10);
  std::vector<uint64_t> out;
  for (uint64_t seed = 1; seed <= count; ++seed) out.push_back(seed);
  return out;
}

SeedRun::SeedRun(const char* program, const char* test, uint64_t seed)
    : command_("LEAT_SEED=" + std::to_string(seed) + " build/release/" + program + " --gtest_filter=" + test) {
  current = command_.c_str();
  for (int signal : kSignals) std::signal(signal, say_and_die);
}

SeedRun::~SeedRun() {
  for (int signal : kSignals) std::signal(signal, SIG_DFL);
}

}  // namespace leat::sim
