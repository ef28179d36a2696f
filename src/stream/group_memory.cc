#include "stream/group_memory.h"

#include <sys/mman.h>

#include <cstdlib>
#include <cstring>

#include "base/check.h"

namespace leat {
namespace {

constexpr size_t kHugePage = size_t{2} << 20;

}  // namespace

void FreeMemory::operator()(char* memory) const {
  std::free(memory);
}

Memory allocate_memory(size_t bytes) {
  if (bytes < kHugePage) {
    Memory memory(static_cast<char*>(std::malloc(bytes)));
    CHECK(memory);
    return memory;
  }
  size_t rounded = (bytes + kHugePage - 1) / kHugePage * kHugePage;
  Memory memory(static_cast<char*>(std::aligned_alloc(kHugePage, rounded)));
  CHECK(memory);
  (void)::madvise(memory.get(), rounded, MADV_HUGEPAGE);  // Advice: without it everything works, only slower.
  return memory;
}

Memory allocate_zeroed(size_t bytes) {
  Memory memory = allocate_memory(bytes);
  std::memset(memory.get(), 0, bytes);
  return memory;
}

}  // namespace leat
