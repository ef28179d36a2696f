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
  FileInfo info;                  // Of the file when it was opened.
  uint64_t offset = 0, line = 1;  // Of its first byte.
  std::shared_ptr<char[]> bytes;
  size_t size = 0;
  uint64_t lines = 0;    // That end in it.
  bool last = false;     // Of the file.
  uint64_t skipped = 0;  // Bytes behind these that were read over: the rest of a line that is too long.
  // No rows: the file could not be read on from here (it vanished, shrank or is damaged), or a line is longer than
  // kLineBytesMax. The bytes are then the beginning of what there was.
  std::optional<std::string> damage_reason;
  std::string damage;

  BytesView view() const { return {bytes.get(), size}; }
};

class LineReader {
 public:
  static constexpr size_t kBlockBytes = 256 * 1024;
  static constexpr size_t kLineBytesMax = 64u << 20;  // With its line end. A longer one is no row…
  static constexpr size_t kLineBytesKept = 1u << 20;  // …and this much of it is kept.

  // Reads blocks of about `block_bytes`; a block has at least one record.
  LineReader(FileSystem& files, const RecordSplitter& splitter, size_t block_bytes = kBlockBytes)
      : files_(files), splitter_(splitter), block_bytes_(block_bytes) {}

  // Files to read after those already added.
  void add_file(std::string path) { waiting_.push_back(std::move(path)); }
  void seek(FilePosition);  // Into the first waiting file. Before the first next().
  // Empty: nothing more now. An error: the disk failed, or the process may open no more files.
  Result<std::optional<LineBlock>> next();

 private:
  enum class End : uint8_t { kMore, kFile, kDamage };
  struct Piece {
    size_t size = 0;
    End end = End::kMore;
    const char* damage_reason = "";
    std::string damage;
  };
  Status open_next();
  LineBlock empty_block() const;
  Result<Piece> read_piece(std::span<char> into);
  Result<LineBlock> read_block();
  Result<LineBlock> fill(LineBlock block, size_t capacity);
  Result<LineBlock> skip_line(LineBlock block);
  LineBlock give_up(LineBlock block, const char* reason, std::string what);
  LineBlock finish_file(LineBlock block);

  FileSystem& files_;
  const RecordSplitter& splitter_;
  size_t block_bytes_;
  std::deque<std::string> waiting_;
  std::optional<FilePosition> seek_;
  std::unique_ptr<ByteStream> stream_;  // Of the open file.
  std::string path_;
  FileInfo info_;
  uint64_t offset_ = 0, line_ = 1;  // Of the first byte of `rest_`.
  std::string rest_;                // Read behind the last whole record.
  std::optional<LineBlock> open_failure_;
};

}  // namespace leat
