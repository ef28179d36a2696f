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
  uint64_t submit_aside(std::function<void()> work) override;
  void wait(uint64_t ticket) override;
  bool finished(uint64_t ticket) override;

 private:
  using Queue = std::deque<std::pair<uint64_t, std::function<void()>>>;
  void run(Queue&);
  uint64_t add(Queue&, std::function<void()> work);  // With the lock held.

  std::mutex mutex_;
  std::condition_variable submitted_, finished_;
  // Guarded by mutex_.
  Queue queue_, aside_queue_;
  std::set<uint64_t> unfinished_;
  uint64_t last_ticket_ = 0;
  bool stopping_ = false;
  std::vector<std::thread> threads_;
  std::thread aside_;  // Started with the first work for it.
};

}  // namespace leat
