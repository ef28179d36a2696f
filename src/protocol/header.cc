#include "protocol/header.h"

#include "protocol/api_versions.h"

namespace leat::protocol {

void encode_request_header(Bytes& out, const RequestHeader& header, bool flexible) {
  Encoder fixed(out, false);
  fixed(header.api_key);
  fixed(header.api_version);
  fixed(header.correlation_id);
  fixed(header.client_id);
  Encoder(out, flexible).tags();
}

bool response_header_is_flexible(const ApiInfo& api, int16_t version) {
  return api.key != ApiVersions::kInfo.key && api.flexible(version);
}

void encode_response_header(Bytes& out, int32_t correlation_id, bool flexible) {
  put_big(out, correlation_id);
  Encoder(out, flexible).tags();
}

Result<int32_t> decode_response_header(BytesView& in, bool flexible) {
  Decoder decoder(in, flexible);
  int32_t correlation_id = 0;
  decoder(correlation_id);
  decoder.tags();
  TRY(decoder.status());
  in = decoder.rest();
  return correlation_id;
}

}  // namespace leat::protocol
