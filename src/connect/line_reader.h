#pragma once
// LineReader: the files of one partition, in order, as blocks of whole records.
#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "connect/byte_stream.h"
#include "connect/record_splitter.h"
#include "format/format.h"

namespace leat {

// Where reading goes on: always at the beginning of a record.
struct FilePosition {
  std::string file;     // Empty: before the first.
  uint64_t offset = 0;  // In its decompressed contents.
  uint64_t line = 1;
  bool at_end = false;  // The file is done.
};

// Whole records of one file. `bytes` is followed by RowDecoder::kPadding more that can be read.
struct LineBlock {
  std::string file;
  uint64_t offset = 0, line = 1;  // Of its first byte.
  std::shared_ptr<char[]> bytes;
  size_t size = 0;
  uint64_t lines = 0;  // That end in it.
  bool last = false;  // Of the file.
  // The file could not be read on from here: it vanished, is damaged, or a line is longer than kLineBytesMax.
  // The bytes are then what there was of the line, and no row.
  std::optional<std::string> damage_reason;
  std::string damage;

  BytesView view() const { return {bytes.get(), size}; }
};

class LineReader {
 public:
  static constexpr size_t kBlockBytes = 256 * 1024;
  static constexpr size_t kLineBytesMax = 256u << 20;

  LineReader(FileSystem& files, const RecordSplitter& splitter) : files_(files), splitter_(splitter) {}

  // Files to read after those already added.
  void add_file(std::string path) { waiting_.push_back(std::move(path)); }
  void seek(FilePosition);  // Into the first waiting file. Before the first next().
  // Empty: nothing more now. An error: the disk failed.
  Result<std::optional<LineBlock>> next();

 private:
  Status open_next();
  Result<LineBlock> read_block();
  Result<LineBlock> fill(LineBlock block, size_t capacity);
  LineBlock give_up(LineBlock block, const char* reason, std::string what);
  LineBlock finish_file(LineBlock block);

  FileSystem& files_;
  const RecordSplitter& splitter_;
  std::deque<std::string> waiting_;
  std::optional<FilePosition> seek_;
  std::unique_ptr<ByteStream> stream_;  // Of the open file.
  std::string path_;
  uint64_t offset_ = 0, line_ = 1;  // Of the first byte of `rest_`.
  std::string rest_;                // Read behind the last whole record.
  std::optional<LineBlock> open_failure_;
};

}  // namespace leat
