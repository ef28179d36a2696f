#include <zlib.h>

#include "log/codec_impl.h"

namespace leat {
namespace {

constexpr int kGzipWindow = 15 + 16;  // zlib's way to say: the largest window, in gzip's framing.
constexpr int kFastLevel = 1;

Bytef* input_of(BytesView in) {
  return reinterpret_cast<Bytef*>(const_cast<char*>(in.data()));
}

}  // namespace

Bytes gzip_compress(BytesView in) {
  z_stream stream{};
  CHECK(deflateInit2(&stream, kFastLevel, Z_DEFLATED, kGzipWindow, 8, Z_DEFAULT_STRATEGY) == Z_OK);
  Bytes out(deflateBound(&stream, in.size()), '\0');
  stream.next_in = input_of(in);
  stream.avail_in = static_cast<uInt>(in.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  CHECK(deflate(&stream, Z_FINISH) == Z_STREAM_END);
  out.resize(stream.total_out);
  deflateEnd(&stream);
  return out;
}

Result<Bytes> gzip_decompress(BytesView in, size_t bytes_max) {
  z_stream stream{};
  CHECK(inflateInit2(&stream, kGzipWindow) == Z_OK);
  stream.next_in = input_of(in);
  stream.avail_in = static_cast<uInt>(in.size());
  Bytes out;
  int state = Z_OK;
  while (state == Z_OK && make_room(out, stream.total_out, bytes_max)) {
    stream.next_out = reinterpret_cast<Bytef*>(out.data() + stream.total_out);
    stream.avail_out = static_cast<uInt>(out.size() - stream.total_out);
    state = inflate(&stream, Z_NO_FLUSH);
  }
  size_t size = stream.total_out;
  inflateEnd(&stream);
  if (state == Z_OK) return too_long("gzip records", bytes_max);
  if (state == Z_BUF_ERROR) return not_in("gzip", "they end too early");
  if (state != Z_STREAM_END) return not_in("gzip", "damaged");
  out.resize(size);
  return out;
}

}  // namespace leat
