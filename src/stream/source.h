#pragma once
// Source: reads a table's partitions in order. Called on the job's thread; may decode on Workers ahead of poll(), but
// what poll() returns, and in which order, depends only on the input and (where several partitions exist) on arrival.
#include <functional>
#include <string>
#include <vector>

#include "base/result.h"
#include "columnar/batch.h"
#include "env/env.h"

namespace leat {

// A record that is no row: its structure is bad, or something that the query reads does not decode.
struct BadRow {
  Provenance::Row row;  // Bytes kept alive by the batch's provenance owners.
  std::string reason, message;
};

struct SourceBatch {
  int32_t partition = 0;
  Batch batch;  // May have no rows, when all were bad. Its provenance has every good row.
  std::vector<BadRow> bad;
  std::string file;                                 // For the bad rows; the same as the batch's provenance.
  std::vector<std::shared_ptr<const void>> owners;  // Of the bad rows' bytes.
};

struct Poll {
  enum class Kind : uint8_t {
    kBatch,           // `batch` is filled.
    kPartitionEnded,  // batch.partition will deliver nothing more: it no longer holds the watermark back.
    kPartitionIdle,   // Nothing now, and the source knows or was told (time-out) that it should not be waited for.
    kNothing,         // Nothing now; ask again at `retry_at`.
    kEnd,             // Every partition ended.
  };
  Kind kind = Kind::kNothing;
  SourceBatch batch;
  Instant retry_at;
};

// Runs on a worker thread for each decoded batch, before poll() returns it: computed columns and the watermark
// expression. Rows that it fails move from the batch to `bad`.
using SourceStage = std::function<void(SourceBatch&)>;

struct SourceContext {
  Env env;
  SourceStage stage;  // May be empty.
};

class Source {
 public:
  virtual ~Source() = default;
  // Positions before seek() are the beginning. Partitions known at the start; more may appear later (a watched
  // directory).
  virtual Status open(SourceContext) = 0;
  virtual int32_t partitions() const = 0;
  virtual Result<Poll> poll() = 0;
  virtual bool bounded() const = 0;
  // Where to go on after everything that poll() has returned. Saved in the checkpoint…
  virtual Bytes position() const = 0;
  // …and restored from it, after open() and before the first poll().
  virtual Status seek(BytesView position) = 0;
  // For progress: bytes read and bytes there are, 0 if unknown.
  virtual std::pair<uint64_t, uint64_t> progress() const { return {0, 0}; }
};

}  // namespace leat
