#pragma once
// RequestFrame: the bytes of one request, without its length, as they come in. Memory is given for what has come, in
// steps: who announces much has to send it first; and it is not cleared before it is filled.
#include <algorithm>
#include <cstring>
#include <memory>
#include <span>

#include "base/check.h"
#include "base/types.h"

namespace leat {

class RequestFrame {
 public:
  explicit RequestFrame(size_t size) : size_(size) { grow(std::min(size, kFirstBytes)); }

  size_t size() const { return size_; }  // What it becomes.
  size_t missing() const { return size_ - filled_; }
  BytesView bytes() const { return {bytes_.get(), filled_}; }

  // Where the next bytes belong; empty when none is missing.
  std::span<char> room() {
    if (filled_ == capacity_) grow(std::min(size_, 2 * capacity_));
    return {bytes_.get() + filled_, capacity_ - filled_};
  }
  void fill(size_t count) {
    CHECK(count <= capacity_ - filled_);
    filled_ += count;
  }
  // How much of `bytes` it took.
  size_t append(BytesView bytes) {
    std::span<char> to = room();
    size_t count = std::min(bytes.size(), to.size());
    if (count > 0) std::memcpy(to.data(), bytes.data(), count);
    fill(count);
    return count;
  }

 private:
  static constexpr size_t kFirstBytes = 2 << 20;

  void grow(size_t capacity) {
    auto larger = std::make_unique_for_overwrite<char[]>(capacity);
    if (filled_ > 0) std::memcpy(larger.get(), bytes_.get(), filled_);
    bytes_ = std::move(larger);
    capacity_ = capacity;
  }

  size_t size_, filled_ = 0, capacity_ = 0;
  std::unique_ptr<char[]> bytes_;
};

}  // namespace leat
