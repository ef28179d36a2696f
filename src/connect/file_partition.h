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
  FileSourceShape(std::string name, const EvalSettings& eval) : table(std::move(name)), settings(eval) {}
  std::string table;
  const EvalSettings& settings;
  std::function<std::unique_ptr<RowDecoder>()> make_decoder;
  std::unique_ptr<RecordSplitter> splitter;
  struct PathColumn {
    Field field;
    size_t place;  // Among the columns of the batch.
  };
  std::vector<PathColumn> path_columns;  // Ascending by place; the decoder's columns have the other places.
  std::string null_name;                 // The directory that is NULL.
  std::vector<Field> metadata;           // Behind all of them.
  uint32_t batch_rows = kBatchRowsMax;
  // How far a partition that is made now reads ahead: together they stay in bounds, however many there are.
  size_t blocks_ahead = 1, block_bytes = LineReader::kBlockBytes;
};

class FilePartition {
 public:
  FilePartition(int32_t number, const FileSourceShape& shape, Env env, SourceStage stage);
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
  void add_file_facts(SourceBatch&, const LineBlock&) const;
  SourceBatch damage_batch(const LineBlock&) const;

  int32_t number_;
  const FileSourceShape& shape_;
  Env env_;
  SourceStage stage_;
  size_t blocks_ahead_;
  LineReader reader_;
  std::deque<std::unique_ptr<Slot>> ring_;
  std::vector<std::unique_ptr<RowDecoder>> idle_decoders_;
  FilePosition position_;
  std::vector<std::string> finished_;
  uint64_t bytes_read_ = 0;
  size_t ahead_bytes_ = 0;  // In the ring.
};

}  // namespace leat
