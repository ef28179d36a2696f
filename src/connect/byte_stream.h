#pragma once
// ByteStream: a file's contents from the beginning, decompressed by the ending of its name (.gz, .zst).
#include <memory>
#include <span>
#include <string>

#include "base/result.h"
#include "env/env.h"

namespace leat {

class ByteStream {
 public:
  virtual ~ByteStream() = default;
  // Fewer bytes than asked for only at the end or before damage; 0 only at the end. kCorruption: the compressed data is
  // damaged or cut short from here on. kOutOfRange: the file has become shorter than what was read of it. What had been
  // returned before is what there was.
  virtual Result<size_t> read(std::span<char> into) = 0;
  // Goes on at this position of the decompressed contents. kOutOfRange: there are fewer bytes now.
  virtual Status skip_to(uint64_t position) = 0;
  virtual uint64_t compressed_position() const = 0;  // For progress.
};

Result<std::unique_ptr<ByteStream>> open_stream(FileSystem&, const std::string& path);

}  // namespace leat
