#include "log/codec.h"

#include <algorithm>

#include "log/codec_impl.h"

namespace leat {

Bytes compress(Codec codec, BytesView in) {
  switch (codec) {
    case Codec::kNone:
      return Bytes(in);
    case Codec::kGzip:
      return gzip_compress(in);
    case Codec::kSnappy:
      return snappy_compress(in);
    case Codec::kLz4:
      return lz4_compress(in);
    case Codec::kZstd:
      return zstd_compress(in);
  }
  CHECK(false);
}

Result<Bytes> decompress(Codec codec, BytesView in, size_t bytes_max) {
  switch (codec) {
    case Codec::kNone:
      return in.size() <= bytes_max ? Result<Bytes>(Bytes(in)) : Result<Bytes>(too_long("records", bytes_max));
    case Codec::kGzip:
      return gzip_decompress(in, bytes_max);
    case Codec::kSnappy:
      return snappy_decompress(in, bytes_max);
    case Codec::kLz4:
      return lz4_decompress(in, bytes_max);
    case Codec::kZstd:
      return zstd_decompress(in, bytes_max);
  }
  CHECK(false);
}

Error too_long(const char* what, size_t bytes_max) {
  return Error{Errc::kCorruption,
               std::string(what) + " are longer than " + std::to_string(bytes_max) + " bytes when decompressed"};
}

Error not_in(const char* format, const char* why) {
  return Error{Errc::kCorruption, "records are not valid " + std::string(format) + ": " + why};
}

bool make_room(Bytes& out, size_t used, size_t bytes_max) {
  if (used < out.size()) return true;
  if (out.size() >= bytes_max) return false;
  out.resize(std::min(bytes_max, std::max<size_t>(out.size() * 2, 4096)));
  return true;
}

}  // namespace leat
