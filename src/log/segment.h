#pragma once
// Segment: one file of a partition's record batches, and its index. Only the last segment of a partition grows.
#include <memory>

#include "log/recovery_point.h"
#include "log/sparse_index.h"

namespace leat {

class Segment {
 public:
  // Nothing is read before it is needed.
  Segment(FileSystem&, const std::string& directory, const RecoveryPoint::Segment& known);

  static std::string file_name(Offset base);  // As Kafka's: twenty digits and .log.
  // The base offset that a file's name says, if it is a segment's.
  static std::optional<Offset> base_of(const std::string& name);

  const RecoveryPoint::Segment& known() const { return known_; }
  Offset base() const { return known_.base; }
  Offset end() const { return known_.end; }
  uint64_t bytes() const { return known_.bytes; }
  const std::string& path() const { return path_; }

  // The file, opened for reading if it is not open yet.
  Result<File*> file();
  Status open(OpenMode);

  // Takes notice of the batch that stands at the end. `now` bounds what retention counts from: a timestamp from the
  // future must not keep data for ever.
  void note(const RecordBatchView&, WallTime now);

  // The index, loaded, and what it lacks made again from the file.
  Result<const SparseIndex*> index();
  Status load_index();            // Before the segment grows, so that note() can go on with it.
  Status save_index();            // What was added since the last time.
  void adopt_index(SparseIndex);  // Made while the file was written, and complete.
  Status remove_index();
  void mark_compacted() { known_.compacted = true; }
  // Of the first batch, as it stands in the file: its newest timestamp. nullopt: there is no batch.
  Result<std::optional<WallTime>> first_timestamp();
  // Its files go; open readers may go on reading.
  Status remove();

 private:
  std::string path_of(BytesView extension) const;
  Status remove_file(BytesView extension);
  Status index_from(uint64_t position);

  FileSystem& files_;
  std::string path_;
  RecoveryPoint::Segment known_;
  std::unique_ptr<File> file_;
  SparseIndex index_;
  bool index_complete_;
  std::optional<WallTime> first_timestamp_;
};

}  // namespace leat
