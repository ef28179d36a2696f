#include "env/thread_workers.h"

namespace leat {

ThreadWorkers::ThreadWorkers(int threads) {
  for (int i = 0; i < threads; ++i) threads_.emplace_back([this] { run(queue_); });
}

ThreadWorkers::~ThreadWorkers() {
  {
    std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  submitted_.notify_all();
  for (std::thread& thread : threads_) thread.join();
  if (aside_.joinable()) aside_.join();
}

uint64_t ThreadWorkers::submit(std::function<void()> work) {
  if (threads_.empty()) {
    work();
    return 0;
  }
  std::lock_guard lock(mutex_);
  return add(queue_, std::move(work));
}

uint64_t ThreadWorkers::submit_aside(std::function<void()> work) {
  std::lock_guard lock(mutex_);
  if (!aside_.joinable()) aside_ = std::thread([this] { run(aside_queue_); });
  return add(aside_queue_, std::move(work));
}

uint64_t ThreadWorkers::add(Queue& queue, std::function<void()> work) {
  uint64_t ticket = ++last_ticket_;
  queue.emplace_back(ticket, std::move(work));
  unfinished_.insert(ticket);
  submitted_.notify_all();
  return ticket;
}

void ThreadWorkers::wait(uint64_t ticket) {
  if (ticket == 0) return;
  std::unique_lock lock(mutex_);
  finished_.wait(lock, [&] { return !unfinished_.contains(ticket); });
}

bool ThreadWorkers::finished(uint64_t ticket) {
  std::lock_guard lock(mutex_);
  return !unfinished_.contains(ticket);
}

void ThreadWorkers::run(Queue& queue) {
  std::unique_lock lock(mutex_);
  while (true) {
    submitted_.wait(lock, [&] { return stopping_ || !queue.empty(); });
    if (queue.empty()) return;
    auto [ticket, work] = std::move(queue.front());
    queue.pop_front();
    lock.unlock();
    work();
    work = nullptr;
    lock.lock();
    unfinished_.erase(ticket);
    finished_.notify_all();
  }
}

}  // namespace leat
