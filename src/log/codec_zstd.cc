#include <zstd.h>

#include <memory>

#include "log/codec_impl.h"

namespace leat {
namespace {

constexpr int kFastZstdLevel = 1;
constexpr int kWindowLogMax = 27;  // 128 MiB: a frame may demand more, and would get it allocated at once.

}  // namespace

Bytes zstd_compress(BytesView in) {
  Bytes out(ZSTD_compressBound(in.size()), '\0');
  size_t size = ZSTD_compress(out.data(), out.size(), in.data(), in.size(), kFastZstdLevel);
  CHECK(ZSTD_isError(size) == 0);
  out.resize(size);
  return out;
}

Result<Bytes> zstd_decompress(BytesView in, size_t bytes_max) {
  std::unique_ptr<ZSTD_DCtx, decltype(&ZSTD_freeDCtx)> context(ZSTD_createDCtx(), ZSTD_freeDCtx);
  CHECK(context);
  CHECK(ZSTD_isError(ZSTD_DCtx_setParameter(context.get(), ZSTD_d_windowLogMax, kWindowLogMax)) == 0);
  ZSTD_inBuffer input{in.data(), in.size(), 0};
  Bytes out;
  size_t used = 0;
  while (true) {
    bool room = make_room(out, used, bytes_max);
    ZSTD_outBuffer output{out.data(), out.size(), used};
    size_t before = input.pos;
    size_t hint = ZSTD_decompressStream(context.get(), &output, &input);
    if (ZSTD_isError(hint) != 0) return not_in("zstd", ZSTD_getErrorName(hint));
    bool stuck = output.pos == used && input.pos == before;
    used = output.pos;
    if (hint == 0) break;
    if (stuck) return room ? not_in("zstd", "they end too early") : too_long("zstd records", bytes_max);
  }
  out.resize(used);
  return out;
}

}  // namespace leat
