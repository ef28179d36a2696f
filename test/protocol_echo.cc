// Decodes and encodes again whatever protocol_test.py sends: on standard input, frames of a length (4 bytes), then
// the API's key, 0 for the request or 1 for the response, the version (2 bytes each) and the message. On standard
// output, frames of a length and the bytes that came of it, or of 0xffffffff where they could not be decoded.
#include <cstdio>
#include <vector>

#include "protocol/all.h"

namespace leat {
namespace {

template <class Message>
bool echo(const protocol::ApiInfo& api, int16_t version, BytesView in, Bytes& out) {
  Message message;
  Decoder decoder(in, api.flexible(version));
  protocol::decode(decoder, version, message);
  if (!decoder.finish()) return false;
  Encoder encoder(out, api.flexible(version));
  protocol::encode(encoder, version, message);
  return true;
}

bool echo_any(int16_t key, bool response, int16_t version, BytesView in, Bytes& out) {
#define LEAT_ECHO(Name)                                                                       \
  if (key == protocol::Name::kInfo.key) {                                                     \
    return response ? echo<protocol::Name::Response>(protocol::Name::kInfo, version, in, out) \
                    : echo<protocol::Name::Request>(protocol::Name::kInfo, version, in, out); \
  }
  LEAT_EVERY_API(LEAT_ECHO)
#undef LEAT_ECHO
  return false;
}

bool read_whole(char* into, size_t size) {
  return std::fread(into, 1, size, stdin) == size;
}

int run() {
  char length[4];
  while (read_whole(length, sizeof length)) {
    Bytes frame(load_big<uint32_t>(length), '\0');
    if (!read_whole(frame.data(), frame.size()) || frame.size() < 6) return 1;
    Bytes out;
    bool decoded = echo_any(load_big<int16_t>(frame.data()), load_big<int16_t>(frame.data() + 2) != 0,
                            load_big<int16_t>(frame.data() + 4), BytesView(frame).substr(6), out);
    store_big(length, decoded ? static_cast<uint32_t>(out.size()) : 0xffffffff);
    std::fwrite(length, 1, sizeof length, stdout);
    if (decoded) std::fwrite(out.data(), 1, out.size(), stdout);
    std::fflush(stdout);
  }
  return 0;
}

}  // namespace
}  // namespace leat

int main() {
  return leat::run();
}
