#include "env/thread_workers.h"

namespace leat {

ThreadWorkers::ThreadWorkers(int threads) {
  for (int i = 0; i < threads; ++i) threads_.emplace_back([this] { run(); });
}

ThreadWorkers::~ThreadWorkers() {
  {
    std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  submitted_.notify_all();
  for (std::thread& thread : threads_) thread.join();
}

uint64_t ThreadWorkers::submit(std::function<void()> work) {
  if (threads_.empty()) {
    work();
    return 0;
  }
  std::lock_guard lock(mutex_);
  uint64_t ticket = ++last_ticket_;
  queue_.emplace_back(ticket, std::move(work));
  unfinished_.insert(ticket);
  submitted_.notify_one();
  return ticket;
}

void ThreadWorkers::wait(uint64_t ticket) {
  if (ticket == 0) return;
  std::unique_lock lock(mutex_);
  finished_.wait(lock, [&] { return !unfinished_.contains(ticket); });
}

void ThreadWorkers::run() {
  std::unique_lock lock(mutex_);
  while (true) {
    submitted_.wait(lock, [this] { return stopping_ || !queue_.empty(); });
    if (queue_.empty()) return;
    auto [ticket, work] = std::move(queue_.front());
    queue_.pop_front();
    lock.unlock();
    work();
    work = nullptr;
    lock.lock();
    unfinished_.erase(ticket);
    finished_.notify_all();
  }
}

}  // namespace leat
