#pragma once
// FilePartition: files as one partition, decoded ahead on workers and handed over in order.
//
// Blocks go through a ring of slots: read here, decoded somewhere, taken from the front. The ring bounds the memory.
// Threads: all calls on the owner's thread; a slot belongs to a worker between submit() and wait().
#include <deque>
#include <memory>
#include <set>
#include <vector>

#include "connect/line_reader.h"
#include "stream/source.h"

namespace leat {

// What all partitions of a source share.
struct FileSourceShape {
  std::string table;
  std::function<std::unique_ptr<RowDecoder>()> make_decoder;
  std::unique_ptr<RecordSplitter> splitter;
  std::vector<Field> metadata;
  uint32_t batch_rows = kBatchRowsMax;
};

class FilePartition {
 public:
  FilePartition(int32_t number, const FileSourceShape& shape, Env& env, SourceStage stage);
  ~FilePartition();

  void add_file(std::string path) { reader_.add_file(std::move(path)); }
  void seek(FilePosition position);

  // Empty: nothing more now.
  Result<std::optional<SourceBatch>> next();
  const FilePosition& position() const { return position_; }  // After what next() returned.
  const std::vector<std::string>& finished_files() const { return finished_; }
  uint64_t bytes_read() const { return bytes_read_; }

 private:
  struct Slot;
  Status fill();
  void decode(Slot&) const;
  void decode_records(Slot&, std::span<const RawRecord>) const;
  SourceBatch damage_batch(const LineBlock&) const;
  ColumnPtr metadata_column(const Field&, const LineBlock&, uint32_t rows) const;
  void take_position(const Slot&, size_t batch);

  int32_t number_;
  const FileSourceShape& shape_;
  Env& env_;
  SourceStage stage_;
  LineReader reader_;
  std::deque<std::unique_ptr<Slot>> ring_;
  std::vector<std::unique_ptr<RowDecoder>> idle_decoders_;
  FilePosition position_;
  std::vector<std::string> finished_;
  uint64_t bytes_read_ = 0;
};

}  // namespace leat
