#pragma once
#include <cstdint>
#include <memory>

namespace leat {

// A stretch of a file that goes from the page cache to a socket without being copied.
struct FileSlice {
  std::shared_ptr<const void> owner;  // Keeps the descriptor open.
  int descriptor = -1;
  uint64_t position = 0, size = 0;
  bool operator==(const FileSlice&) const = default;
};

}  // namespace leat
