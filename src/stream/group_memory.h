#pragma once
// Memory of the group tables: on huge pages where it is large, because a table of a million groups is read at random
// and would miss the TLB on every access.
#include <cstddef>
#include <memory>

namespace leat {

struct FreeMemory {
  void operator()(char* memory) const;
};
using Memory = std::unique_ptr<char, FreeMemory>;

Memory allocate_memory(size_t bytes);  // Uninitialised, 16-byte aligned.
Memory allocate_zeroed(size_t bytes);

}  // namespace leat
