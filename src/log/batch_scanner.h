#pragma once
// BatchScanner: the record batches of one segment's file, in order, each checked; reads large pieces ahead.
#include "env/env.h"
#include "log/record_batch.h"

namespace leat {

class BatchScanner {
 public:
  // `path` is for messages. The file must outlive the scanner.
  BatchScanner(File& file, const std::string& path, uint64_t position);

  // The next batch, valid until the next call; nullopt at `limit`, the position at which the batches end. kCorruption
  // names the file and the position, and is also what a file gives that ends before `limit`.
  Result<std::optional<RecordBatchView>> next(uint64_t limit);
  uint64_t position() const { return position_; }  // Of the batch that next() would return.

 private:
  BytesView ahead() const { return BytesView(buffer_).substr(from_, filled_ - from_); }
  Status fill(size_t bytes, uint64_t limit);

  File& file_;
  const std::string& path_;
  uint64_t position_;
  Bytes buffer_;
  size_t from_ = 0, filled_ = 0;  // What of the buffer is read but not consumed.
};

}  // namespace leat
