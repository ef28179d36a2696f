#include "stream/block_pool.h"

#include <algorithm>
#include <cstring>

namespace leat {
namespace {

constexpr size_t kFirstBlocks = 4;
constexpr size_t kChunkBytesMax = size_t{2} << 20;

}  // namespace

void BlockPool::grow() {
  size_t blocks = chunks_.empty() ? kFirstBlocks : chunks_.back().blocks * 2;
  blocks = std::max(kFirstBlocks, std::min(blocks, kChunkBytesMax / block_bytes_));
  chunks_.push_back({allocate_memory(blocks * block_bytes_), blocks});
  bytes_ += blocks * block_bytes_;
  next_ = chunks_.back().memory.get();
  left_ = blocks;
}

void BlockPool::release(char* block) {
  std::memcpy(block, &released_, sizeof(released_));
  released_ = block;
}

char* BlockPool::reuse() {
  char* block = released_;
  std::memcpy(&released_, block, sizeof(released_));
  return block;
}

}  // namespace leat
