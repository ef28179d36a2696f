#pragma once
// EmbeddedTopics: topics on a data directory of this machine, which one process owns. docs/formats/transactions.md.
//
// Lifecycle: open() takes the directory's lock and recovers: what was decided is completed, what was not is aborted.
//            The home must outlive the consumers and transactions that came from it.
// Threads:   everything of one home belongs to one thread at a time; calls block for the disk's sync.
// Errors:    one of the disk (kIo, kNoSpace) in a partition ends the transaction, and the partition is recovered from
// the
//            disk before it is used again. After one in the journal nobody knows what is decided: every call answers
//            with it, until the home is opened again. kCorruption names the file and the position.
#include <memory>
#include <string>

#include "env/env.h"
#include "topic/topic.h"

namespace leat {

struct EmbeddedTopicsOptions {
  // Looks at a directory that another process may be writing to: takes no lock and changes nothing. It shows what was
  // committed when it was opened; to see more, open again.
  bool read_only = false;
  // False: nothing is synced, and a power failure may lose or damage everything; for directories that are thrown away.
  bool durable = true;
  uint64_t segment_bytes = 64 << 20;  // About: a segment ends between two transactions.
  uint64_t journal_bytes = 8 << 20;   // A journal that is longer is begun anew.
};

class EmbeddedTopics : public Topics {
 public:
  // The directory is created if absent (kNotFound if read_only). kConflict names the pid of the process that owns it.
  static Result<std::unique_ptr<EmbeddedTopics>> open(Env, std::string directory,
                                                      const EmbeddedTopicsOptions& options = {});
};

}  // namespace leat
