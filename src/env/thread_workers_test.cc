#include "env/thread_workers.h"

#include <gtest/gtest.h>

#include <thread>
#include <vector>

namespace leat {
namespace {

TEST(ThreadWorkers, WorkAsideRunsBesideTheCallerInOrder) {
  for (int threads : {0, 2}) {
    std::vector<int> order;
    std::mutex gate;
    {
      ThreadWorkers workers(threads);
      std::unique_lock closed(gate);
      std::thread::id other;
      uint64_t first = workers.submit_aside([&] {
        std::lock_guard lock(gate);
        other = std::this_thread::get_id();
        order.push_back(1);
      });
      uint64_t second = workers.submit_aside([&] { order.push_back(2); });
      EXPECT_FALSE(workers.finished(first));
      EXPECT_FALSE(workers.finished(second));
      workers.wait(workers.submit([] {}));  // Not behind the work aside.
      closed.unlock();
      workers.wait(second);
      EXPECT_TRUE(workers.finished(first));
      EXPECT_TRUE(workers.finished(second));
      EXPECT_NE(other, std::this_thread::get_id());
      workers.submit_aside([&] { order.push_back(3); });
    }
    EXPECT_EQ(order, (std::vector<int>{1, 2, 3}));  // The destructor finishes what was submitted.
  }
}

}  // namespace
}  // namespace leat
