#include "connect/line_reader.h"

#include <algorithm>
#include <cstring>

namespace leat {
namespace {

constexpr std::string_view kByteOrderMark = "\xef\xbb\xbf";

std::shared_ptr<char[]> make_buffer(size_t capacity) {
  std::shared_ptr<char[]> out(new char[capacity + RowDecoder::kPadding]);
  return out;
}

}  // namespace

void LineReader::seek(FilePosition position) {
  seek_ = std::move(position);
}

Result<std::optional<LineBlock>> LineReader::next() {
  while (true) {
    if (!stream_) {
      if (waiting_.empty()) return std::optional<LineBlock>();
      TRY(open_next());
      if (open_failure_) return std::exchange(open_failure_, std::nullopt);
      continue;
    }
    TRY_ASSIGN(LineBlock block, read_block());
    if (block.size > 0 || block.last || block.damage_reason) return std::optional<LineBlock>(std::move(block));
  }
}

// A file that is not there any more is a fact about the input, not the end of the job.
Status LineReader::open_next() {
  path_ = std::move(waiting_.front());
  waiting_.pop_front();
  offset_ = 0;
  line_ = 1;
  rest_.clear();
  auto opened = open_stream(files_, path_);
  if (!opened) {
    LineBlock block;
    block.file = path_;
    block.bytes = make_buffer(0);
    open_failure_ = give_up(std::move(block), "file.unreadable", opened.error().message);
    seek_.reset();
    return {};
  }
  stream_ = std::move(*opened);
  if (!seek_) return {};
  TRY(stream_->skip_to(seek_->offset));
  offset_ = seek_->offset;
  line_ = seek_->line;
  seek_.reset();
  return {};
}

Result<LineBlock> LineReader::read_block() {
  LineBlock block;
  block.file = path_;
  block.offset = offset_;
  block.line = line_;
  return fill(std::move(block), std::max(kBlockBytes, rest_.size() + kBlockBytes));
}

// Reads until there is at least one whole record. A long one doubles its block, not every block.
Result<LineBlock> LineReader::fill(LineBlock block, size_t capacity) {
  block.bytes = make_buffer(capacity);
  size_t filled = rest_.size();
  std::memcpy(block.bytes.get(), rest_.data(), filled);
  rest_.clear();
  bool damaged = false;  // What stands before the damage comes first; the next call reports it.
  while (true) {
    auto got = stream_->read(std::span(block.bytes.get() + filled, capacity - filled));
    if (!got && got.error().code != Errc::kCorruption) return got.error();
    filled += got ? *got : 0;
    bool ended = got && filled < capacity;
    damaged = !got;
    block.size = splitter_.whole({block.bytes.get(), filled}, ended);
    if (block.size > 0 || ended) {
      rest_.assign(block.bytes.get() + block.size, filled - block.size);
      break;
    }
    block.size = filled;
    if (!got) return give_up(std::move(block), "file.damaged", got.error().message);
    if (capacity >= kLineBytesMax) {
      return give_up(
          std::move(block), "line.too.long",
          "a line of more than " + std::to_string(kLineBytesMax >> 20) + " MB; the rest of the file is left");
    }
    auto larger = make_buffer(capacity * 2);
    std::memcpy(larger.get(), block.bytes.get(), filled);
    block.bytes = std::move(larger);
    capacity *= 2;
  }
  bool done = rest_.empty() && filled < capacity && !damaged;
  offset_ += block.size;
  block.lines = count_lines(block.view());
  line_ += block.lines;
  std::memset(block.bytes.get() + block.size, 0, RowDecoder::kPadding);
  return done ? finish_file(std::move(block)) : block;
}

LineBlock LineReader::finish_file(LineBlock block) {
  block.last = true;
  stream_.reset();
  return block;
}

LineBlock LineReader::give_up(LineBlock block, const char* reason, std::string what) {
  block.damage_reason = reason;
  block.damage = std::move(what);
  rest_.clear();
  return finish_file(std::move(block));
}

}  // namespace leat
