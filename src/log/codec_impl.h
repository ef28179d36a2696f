#pragma once
// One file per compression library, behind codec.h.
#include "log/codec.h"

namespace leat {

Bytes gzip_compress(BytesView);
Bytes snappy_compress(BytesView);
Bytes lz4_compress(BytesView);
Bytes zstd_compress(BytesView);
Result<Bytes> gzip_decompress(BytesView, size_t bytes_max);
Result<Bytes> snappy_decompress(BytesView, size_t bytes_max);
Result<Bytes> lz4_decompress(BytesView, size_t bytes_max);
Result<Bytes> zstd_decompress(BytesView, size_t bytes_max);

Error too_long(const char* what, size_t bytes_max);
Error not_in(const char* format, const char* why);
// Output grows with what really comes out, never with what the input claims. False: it may not grow any more.
bool make_room(Bytes& out, size_t used, size_t bytes_max);

}  // namespace leat
