#pragma once
#include "base/file_slice.h"
#include "base/types.h"

namespace leat {

// Record batches in a request or a response: bytes in memory, followed by a stretch of a file.
// Decoded ones point into the request. Those to be encoded must live until encode() returns, files until they are sent.
struct Records {
  BytesView bytes;
  FileSlice file;  // size 0: none. Never decoded.
  uint64_t size() const { return bytes.size() + file.size; }
  bool operator==(const Records&) const = default;
};

}  // namespace leat
