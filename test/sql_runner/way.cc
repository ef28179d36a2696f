#include "test/sql_runner/way.h"

namespace leat::sqltest {

std::string Way::name() const {
  std::string out = "batches of " + std::to_string(batch_rows) + ", " + std::to_string(threads) + " threads";
  if (kind == Kind::kRestored) out += ", restored after every " + std::to_string(checkpoints_between) + " checkpoints";
  if (kind == Kind::kKilled) out += ", as a job that is killed";
  return out;
}

const std::vector<Way>& all_ways() {
  static const std::vector<Way> ways = [] {
    std::vector<Way> out;
    for (int rows : {1024, 1, 7}) {
      for (int threads : {0, 1, 2}) out.push_back({Way::Kind::kPlain, rows, threads, 0});
    }
    for (int rows : {1, 7}) {
      for (int checkpoints : {1, 3}) out.push_back({Way::Kind::kRestored, rows, 0, checkpoints});
    }
    out.push_back({Way::Kind::kKilled, 1, 0, 0});
    out.push_back({Way::Kind::kKilled, 3, 2, 0});
    return out;
  }();
  return ways;
}

}  // namespace leat::sqltest
