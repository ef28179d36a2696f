#pragma once
#include <cstdint>
#include <memory>

#include "base/types.h"

namespace leat {

// A stretch of a file, for a response that goes from the page cache to the socket without being copied.
struct FileSlice {
  std::shared_ptr<const void> owner;  // Keeps the descriptor open.
  int descriptor = -1;
  uint64_t position = 0, size = 0;
  bool operator==(const FileSlice&) const = default;
};

// Record batches in a request or a response: bytes in memory, followed by stretches of files.
// Decoded ones point into the request. Those to be encoded must live until encode() returns, files until they are sent.
struct Records {
  BytesView bytes;
  FileSlice file;  // size 0: none. Never decoded.
  uint64_t size() const { return bytes.size() + file.size; }
  bool operator==(const Records&) const = default;
};

}  // namespace leat
