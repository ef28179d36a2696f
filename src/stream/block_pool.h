#pragma once
// BlockPool: blocks of one size whose addresses never change, in order of allocation. Small pools are small (four
// blocks), large ones grow by at most 2 MB at a time. Released blocks are used again.
#include <vector>

#include "stream/group_memory.h"

namespace leat {

class BlockPool {
 public:
  explicit BlockPool(size_t block_bytes) : block_bytes_(block_bytes < sizeof(char*) ? sizeof(char*) : block_bytes) {}

  char* allocate() {
    if (released_ != nullptr) return reuse();
    if (left_ == 0) grow();
    char* block = next_;
    next_ += block_bytes_;
    --left_;
    return block;
  }
  // The first eight bytes of a released block are the pool's; for_each() still visits it.
  void release(char* block);

  // Every block ever allocated, the released ones included, oldest first.
  template <class Visit>
  void for_each(Visit visit) const {
    for (size_t i = 0; i < chunks_.size(); ++i) {
      char* block = chunks_[i].memory.get();
      size_t used = chunks_[i].blocks - (i + 1 == chunks_.size() ? left_ : 0);
      for (size_t b = 0; b < used; ++b, block += block_bytes_) visit(block);
    }
  }
  size_t bytes() const { return bytes_; }

 private:
  struct Chunk {
    Memory memory;
    size_t blocks;
  };
  void grow();
  char* reuse();

  size_t block_bytes_;
  std::vector<Chunk> chunks_;
  char* next_ = nullptr;
  size_t left_ = 0;
  char* released_ = nullptr;  // A list through the released blocks.
  size_t bytes_ = 0;
};

}  // namespace leat
