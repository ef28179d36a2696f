#include <lz4frame.h>

#include <memory>

#include "log/codec_impl.h"

namespace leat {

Bytes lz4_compress(BytesView in) {
  LZ4F_preferences_t preferences{};
  preferences.frameInfo.blockMode = LZ4F_blockIndependent;  // What Kafka's Java client can read.
  Bytes out(LZ4F_compressFrameBound(in.size(), &preferences), '\0');
  size_t size = LZ4F_compressFrame(out.data(), out.size(), in.data(), in.size(), &preferences);
  CHECK(LZ4F_isError(size) == 0);
  out.resize(size);
  return out;
}

Result<Bytes> lz4_decompress(BytesView in, size_t bytes_max) {
  LZ4F_dctx* made = nullptr;
  CHECK(LZ4F_isError(LZ4F_createDecompressionContext(&made, LZ4F_VERSION)) == 0);
  std::unique_ptr<LZ4F_dctx, decltype(&LZ4F_freeDecompressionContext)> context(made, LZ4F_freeDecompressionContext);
  Bytes out;
  size_t used = 0;
  while (true) {
    bool room = make_room(out, used, bytes_max);
    size_t wrote = out.size() - used;
    size_t read = in.size();
    size_t hint = LZ4F_decompress(context.get(), out.data() + used, &wrote, in.data(), &read, nullptr);
    if (LZ4F_isError(hint) != 0) return not_in("lz4", LZ4F_getErrorName(hint));
    used += wrote;
    in.remove_prefix(read);
    if (hint == 0) break;
    if (read == 0 && wrote == 0) {
      return room ? not_in("lz4", "they end too early") : too_long("lz4 records", bytes_max);
    }
  }
  out.resize(used);
  return out;
}

}  // namespace leat
