#pragma once
// Workers on a pool of threads. Work starts in the order of submission.
#include <condition_variable>
#include <deque>
#include <mutex>
#include <set>
#include <thread>

#include "env/env.h"

namespace leat {

class ThreadWorkers final : public Workers {
 public:
  explicit ThreadWorkers(int threads);
  ~ThreadWorkers() override;  // Finishes what was submitted.
  int threads() const override { return static_cast<int>(threads_.size()); }
  uint64_t submit(std::function<void()> work) override;
  void wait(uint64_t ticket) override;

 private:
  void run();
  std::mutex mutex_;
  std::condition_variable submitted_, finished_;
  // Guarded by mutex_.
  std::deque<std::pair<uint64_t, std::function<void()>>> queue_;
  std::set<uint64_t> unfinished_;
  uint64_t last_ticket_ = 0;
  bool stopping_ = false;
  std::vector<std::thread> threads_;
};

}  // namespace leat
