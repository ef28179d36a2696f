#pragma once
// Way: how a query is run. Every way must give the same result.
#include <string>
#include <vector>

namespace leat::sqltest {

struct Way {
  enum class Kind {
    kPlain,     // As `leat sql` runs it.
    kRestored,  // Checkpointed often; after each few checkpoints the graph is dropped and made again from what was
                // kept.
    kKilled,    // A job into files, as `leat run`; the disk fails again and again, and the job is opened again.
  };
  Kind kind = Kind::kPlain;
  int batch_rows = 1024;
  int threads = 0;
  int checkpoints_between = 1;  // kRestored: checkpoints before each restore.
  std::string name() const;
};

const std::vector<Way>& all_ways();

}  // namespace leat::sqltest
