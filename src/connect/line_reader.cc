#include "connect/line_reader.h"

#include <algorithm>
#include <cstring>

namespace leat {
namespace {

constexpr const char* kShrunk = "file.shrunk";
constexpr const char* kDamaged = "file.damaged";

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
  rest_.clear();
  FilePosition from = std::exchange(seek_, std::nullopt).value_or(FilePosition{});
  offset_ = from.offset;
  line_ = from.line;
  auto opened = open_stream(files_, path_);
  if (!opened) {
    if (opened.error().code == Errc::kOverloaded) return opened.error();  // Says nothing about the file.
    open_failure_ = give_up(empty_block(), "file.unreadable", opened.error().message);
    return {};
  }
  stream_ = std::move(*opened);
  if (auto info = files_.stat(path_)) info_ = *info;
  Status there = stream_->skip_to(offset_);
  if (there || there.error().code != Errc::kOutOfRange) return there;
  open_failure_ = give_up(empty_block(), kShrunk, there.error().message);
  return {};
}

LineBlock LineReader::empty_block() const {
  LineBlock block;
  block.file = path_;
  block.info = info_;
  block.offset = offset_;
  block.line = line_;
  block.bytes = make_buffer(0);
  return block;
}

Result<LineBlock> LineReader::read_block() {
  return fill(empty_block(), std::min(rest_.size() + block_bytes_, kLineBytesMax));
}

// Reads until there is at least one whole record. A long one doubles its block, not every block.
Result<LineBlock> LineReader::fill(LineBlock block, size_t capacity) {
  block.bytes = make_buffer(capacity);
  size_t filled = rest_.size();
  std::memcpy(block.bytes.get(), rest_.data(), filled);
  rest_.clear();
  End end = End::kMore;
  while (true) {
    TRY_ASSIGN(Piece piece, read_piece(std::span(block.bytes.get() + filled, capacity - filled)));
    filled += piece.size;
    end = piece.end;
    block.size = splitter_.whole({block.bytes.get(), filled}, end == End::kFile);
    if (block.size > 0 || end == End::kFile) {
      // What stands before damage comes first; the next call reports it.
      rest_.assign(block.bytes.get() + block.size, filled - block.size);
      break;
    }
    block.size = filled;
    if (end == End::kDamage) {
      return give_up(std::move(block), piece.damage_reason, std::move(piece.damage));
    }
    if (capacity == kLineBytesMax) return skip_line(std::move(block));
    capacity = std::min(capacity * 2, kLineBytesMax);
    auto larger = make_buffer(capacity);
    std::memcpy(larger.get(), block.bytes.get(), filled);
    block.bytes = std::move(larger);
  }
  bool done = rest_.empty() && end == End::kFile;
  offset_ += block.size;
  block.lines = count_lines(block.view());
  line_ += block.lines;
  std::memset(block.bytes.get() + block.size, 0, RowDecoder::kPadding);
  return done ? finish_file(std::move(block)) : block;
}

// Fills `into`, unless the file ends or is damaged before that.
Result<LineReader::Piece> LineReader::read_piece(std::span<char> into) {
  Piece out;
  while (out.size < into.size()) {
    auto got = stream_->read(into.subspan(out.size));
    if (!got) {
      bool shrunk = got.error().code == Errc::kOutOfRange;
      if (!shrunk && got.error().code != Errc::kCorruption) return got.error();
      out.end = End::kDamage;
      out.damage_reason = shrunk ? kShrunk : kDamaged;
      out.damage = got.error().message;
      break;
    }
    if (*got == 0) {
      out.end = End::kFile;
      break;
    }
    out.size += *got;
  }
  return out;
}

// `block` is the beginning of a line that is too long: reads to its end, and keeps a part.
Result<LineBlock> LineReader::skip_line(LineBlock block) {
  uint64_t length = block.size, line_end = 0;
  std::string bytes(kBlockBytes, '\0');
  for (bool ended = false; !ended;) {
    TRY_ASSIGN(Piece piece, read_piece(bytes));
    size_t newline = std::string_view(bytes).substr(0, piece.size).find('\n');
    bool found = newline != std::string::npos;
    if (found) rest_.assign(bytes, newline + 1, piece.size - newline - 1);
    length += found ? newline + 1 : piece.size;
    line_end = found;
    ended = found || piece.end != End::kMore;  // Damage ends the line; the next call reports it.
  }
  LineBlock out = std::move(block);
  auto kept = make_buffer(kLineBytesKept);
  std::memcpy(kept.get(), out.bytes.get(), kLineBytesKept);
  out.bytes = std::move(kept);
  out.size = kLineBytesKept;
  out.skipped = length - kLineBytesKept;
  out.damage_reason = "line.too.long";
  out.damage = "the line is " + std::to_string(length - line_end) + " bytes long, the longest that is read " +
               std::to_string(kLineBytesMax) + "; kept are its first " + std::to_string(kLineBytesKept);
  offset_ += length;
  out.lines = line_end;
  line_ += line_end;
  return out;
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
