#include <snappy.h>

#include <algorithm>

#include "base/big_endian.h"
#include "log/codec_impl.h"

namespace leat {
namespace {

// snappy-java's SnappyOutputStream: a magic, a version, the oldest version that can read it; then blocks, each a
// length and a raw snappy stream.
constexpr BytesView kXerialMagic("\x82SNAPPY\0", 8);
constexpr size_t kXerialHeaderBytes = 16;
constexpr int32_t kXerialVersion = 1;
constexpr size_t kXerialBlockBytes = 32 << 10;
// Three bytes copy at most 64: no honest stream claims more than this.
constexpr size_t kExpansionMax = 32;

Status append_raw(BytesView in, size_t bytes_max, Bytes& out) {
  size_t size = 0;
  if (!snappy::GetUncompressedLength(in.data(), in.size(), &size)) return not_in("snappy", "damaged");
  if (size > bytes_max - out.size()) return too_long("snappy records", bytes_max);
  if (size / kExpansionMax > in.size()) return not_in("snappy", "their length cannot be true");
  size_t used = out.size();
  out.resize(used + size);
  if (!snappy::RawUncompress(in.data(), in.size(), out.data() + used)) return not_in("snappy", "damaged");
  return {};
}

}  // namespace

Bytes snappy_compress(BytesView in) {
  Bytes out(kXerialMagic);
  put_big<int32_t>(out, kXerialVersion);
  put_big<int32_t>(out, kXerialVersion);
  std::string block;
  for (size_t from = 0; from < in.size(); from += kXerialBlockBytes) {
    BytesView piece = in.substr(from, kXerialBlockBytes);
    snappy::Compress(piece.data(), piece.size(), &block);
    put_big<int32_t>(out, static_cast<int32_t>(block.size()));
    out += block;
  }
  return out;
}

Result<Bytes> snappy_decompress(BytesView in, size_t bytes_max) {
  Bytes out;
  if (!in.starts_with(kXerialMagic)) {
    TRY(append_raw(in, bytes_max, out));
    return out;
  }
  if (in.size() < kXerialHeaderBytes) return not_in("snappy", "they end too early");
  in.remove_prefix(kXerialHeaderBytes);
  while (!in.empty()) {
    if (in.size() < sizeof(int32_t)) return not_in("snappy", "they end too early");
    auto size = load_big<uint32_t>(in.data());
    in.remove_prefix(sizeof(int32_t));
    if (size > in.size()) return not_in("snappy", "they end too early");
    TRY(append_raw(in.substr(0, size), bytes_max, out));
    in.remove_prefix(size);
  }
  return out;
}

}  // namespace leat
