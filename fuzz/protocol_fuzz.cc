// Hostile bytes as any message of Kafka's protocol. What can be decoded is encoded and decoded again, to the same.
#include <cstdint>

#include "base/check.h"
#include "protocol/all.h"

namespace {

using namespace leat;

template <class Message>
void try_message(const protocol::ApiInfo& api, int16_t version, BytesView bytes) {
  Message message;
  Decoder decoder(bytes, api.flexible(version));
  protocol::decode(decoder, version, message);
  if (!decoder.finish()) return;
  Bytes encoded;
  Encoder encoder(encoded, api.flexible(version));
  protocol::encode(encoder, version, message);
  Message again;
  Decoder second(encoded, api.flexible(version));
  protocol::decode(second, version, again);
  CHECK(second.finish());
  Bytes encoded_again;
  Encoder last(encoded_again, api.flexible(version));
  protocol::encode(last, version, again);
  CHECK(encoded_again == encoded);
}

}  // namespace

// The first bytes choose the API, the direction and the version.
extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  if (size < 3) return 0;
  BytesView bytes(reinterpret_cast<const char*>(data) + 3, size - 3);
#define LEAT_TRY(Name)                                                                       \
  {                                                                                          \
    constexpr const protocol::ApiInfo& api = protocol::Name::kInfo;                          \
    if (data[0] == api.key) {                                                                \
      auto version = static_cast<int16_t>(api.first + data[1] % (api.last - api.first + 1)); \
      if (data[2] % 2 == 0) try_message<protocol::Name::Request>(api, version, bytes);       \
      if (data[2] % 2 == 1) try_message<protocol::Name::Response>(api, version, bytes);      \
    }                                                                                        \
  }
  LEAT_EVERY_API(LEAT_TRY)
#undef LEAT_TRY
  return 0;
}
