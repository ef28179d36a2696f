#include "connect/byte_stream.h"

#include <zlib.h>
#include <zstd.h>

#include <algorithm>
#include <optional>
#include <vector>

namespace leat {
namespace {

constexpr size_t kInputBytes = 256 * 1024;

Error shrunk(const std::string& path, uint64_t size, uint64_t position) {
  return Error{Errc::kOutOfRange, path + " has shrunk: " + std::to_string(position) +
                                      " bytes of its contents had been read, and now there are " +
                                      std::to_string(size)};
}

class PlainStream final : public ByteStream {
 public:
  PlainStream(std::unique_ptr<File> file, std::string path) : file_(std::move(file)), path_(std::move(path)) {}
  Result<size_t> read(std::span<char> into) override {
    TRY_ASSIGN(size_t got, file_->read_at(position_, into));
    position_ += got;
    if (got > 0) return got;
    TRY_ASSIGN(uint64_t size, file_->size());
    if (size < position_) return shrunk(path_, size, position_);
    return size_t{0};
  }
  Status skip_to(uint64_t position) override {
    TRY_ASSIGN(uint64_t size, file_->size());
    if (size < position) return shrunk(path_, size, position);
    position_ = position;
    return {};
  }
  uint64_t compressed_position() const override { return position_; }

 private:
  std::unique_ptr<File> file_;
  std::string path_;
  uint64_t position_ = 0;
};

// What gzip and zstd have in common: a window of compressed input, refilled as it is used up.
class CompressedStream : public ByteStream {
 public:
  CompressedStream(std::unique_ptr<File> file, std::string path)
      : file_(std::move(file)), path_(std::move(path)), input_(kInputBytes) {}

  Result<size_t> read(std::span<char> into) override {
    size_t done = 0;
    while (done < into.size() && !ended_ && !damage_) {
      if (next_ == filled_ && !input_ended_) TRY(refill());
      done += decompress(into.subspan(done));
    }
    if (done == 0 && damage_) return *damage_;
    return done;
  }

  Status skip_to(uint64_t position) override {
    std::vector<char> sink(kInputBytes);
    uint64_t at = 0;
    while (at < position) {
      size_t wanted = static_cast<size_t>(std::min<uint64_t>(sink.size(), position - at));
      auto got = read(std::span(sink.data(), wanted));
      if (!got) return got.error().code == Errc::kCorruption ? Status{} : Status{got.error()};  // read() says it again.
      if (*got == 0) return shrunk(path_, at, position);
      at += *got;
    }
    return {};
  }
  uint64_t compressed_position() const override { return position_; }

 protected:
  // Bytes made; uses up input_[next_, filled_). Sets ended_ at the end of the data; damaged() may follow what was made.
  virtual size_t decompress(std::span<char> into) = 0;
  void damaged(const std::string& what) {
    uint64_t near = position_ - (filled_ - next_);
    damage_ = Error{Errc::kCorruption, path_ + " is damaged near byte " + std::to_string(near) + ": " + what};
  }

  std::unique_ptr<File> file_;
  std::string path_;
  std::vector<char> input_;
  size_t next_ = 0, filled_ = 0;
  bool input_ended_ = false, ended_ = false;

 private:
  Status refill() {
    TRY_ASSIGN(filled_, file_->read_at(position_, input_));
    position_ += filled_;
    next_ = 0;
    input_ended_ = filled_ < input_.size();
    return {};
  }

  uint64_t position_ = 0;
  std::optional<Error> damage_;
};

class GzipStream final : public CompressedStream {
 public:
  GzipStream(std::unique_ptr<File> file, std::string path) : CompressedStream(std::move(file), std::move(path)) {
    CHECK(inflateInit2(&stream_, 16 + MAX_WBITS) == Z_OK);
  }
  ~GzipStream() override { inflateEnd(&stream_); }

 private:
  size_t decompress(std::span<char> into) override {
    if (members_ > 0 && between_members_) {  // Tapes and disks pad with zeros, and gzip reads over them.
      while (next_ < filled_ && input_[next_] == '\0') ++next_;
    }
    if (next_ == filled_) {
      if (!input_ended_) return 0;
      ended_ = true;
      if (!between_members_) damaged("the file ends in the middle");
      return 0;
    }
    stream_.next_in = reinterpret_cast<Bytef*>(input_.data() + next_);
    stream_.avail_in = static_cast<uInt>(filled_ - next_);
    stream_.next_out = reinterpret_cast<Bytef*>(into.data());
    stream_.avail_out = static_cast<uInt>(std::min<size_t>(into.size(), 1u << 30));
    size_t room = stream_.avail_out;
    int result = inflate(&stream_, Z_NO_FLUSH);
    next_ = filled_ - stream_.avail_in;
    if (result != Z_OK && result != Z_STREAM_END && result != Z_BUF_ERROR) {
      damaged(stream_.msg ? stream_.msg : "this is no gzip data");
    }
    between_members_ = result == Z_STREAM_END;
    if (between_members_) {
      inflateReset(&stream_);  // Another member may follow.
      ++members_;
    }
    return room - stream_.avail_out;
  }

  z_stream stream_{};
  uint64_t members_ = 0;
  bool between_members_ = true;
};

class ZstdStream final : public CompressedStream {
 public:
  ZstdStream(std::unique_ptr<File> file, std::string path)
      : CompressedStream(std::move(file), std::move(path)), stream_(ZSTD_createDStream(), ZSTD_freeDStream) {
    wanted_ = ZSTD_initDStream(stream_.get());
  }

 private:
  // Never more than a block at once: an error in the next one would take this one's bytes with it.
  size_t decompress(std::span<char> into) override {
    bool dry = next_ == filled_ && input_ended_;
    ZSTD_inBuffer in{input_.data(), std::min(filled_, next_ + wanted_), next_};
    ZSTD_outBuffer out{into.data(), into.size(), 0};
    size_t left = ZSTD_decompressStream(stream_.get(), &out, &in);
    if (ZSTD_isError(left)) {
      damaged(ZSTD_getErrorName(left));
      return 0;
    }
    next_ = in.pos;
    wanted_ = std::max<size_t>(left, 1);
    if (!dry || out.pos > 0) between_frames_ = left == 0;
    if (dry && out.pos == 0) {
      ended_ = true;
      if (!between_frames_) damaged("the file ends in the middle");
    }
    return out.pos;
  }

  std::unique_ptr<ZSTD_DStream, size_t (*)(ZSTD_DStream*)> stream_;
  size_t wanted_;  // As many bytes of input complete a block.
  bool between_frames_ = true;
};

}  // namespace

Result<std::unique_ptr<ByteStream>> open_stream(FileSystem& files, const std::string& path) {
  TRY_ASSIGN(auto file, files.open(path, OpenMode::kRead));
  if (path.ends_with(".gz")) return std::unique_ptr<ByteStream>(std::make_unique<GzipStream>(std::move(file), path));
  if (path.ends_with(".zst")) return std::unique_ptr<ByteStream>(std::make_unique<ZstdStream>(std::move(file), path));
  return std::unique_ptr<ByteStream>(std::make_unique<PlainStream>(std::move(file), path));
}

}  // namespace leat
