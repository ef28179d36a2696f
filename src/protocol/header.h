#pragma once
// What stands before each request and response.
#include "protocol/api.h"
#include "protocol/decoder.h"
#include "protocol/encoder.h"

namespace leat::protocol {

struct RequestHeader {
  int16_t api_key = 0, api_version = 0;
  int32_t correlation_id = 0;
  std::optional<std::string> client_id;
  bool operator==(const RequestHeader&) const = default;
};

// Takes the header off the front. `flexible(key, version)` says whether tagged fields end it; the length of the
// client's id never is a varint.
template <class Flexible>
Result<RequestHeader> decode_request_header(BytesView& in, Flexible flexible) {
  RequestHeader out;
  Decoder fixed(in, false);
  fixed(out.api_key);
  fixed(out.api_version);
  fixed(out.correlation_id);
  fixed(out.client_id);
  TRY(fixed.status());
  Decoder tagged(fixed.rest(), flexible(out.api_key, out.api_version));
  tagged.tags();
  TRY(tagged.status());
  in = tagged.rest();
  return out;
}
void encode_request_header(Bytes& out, const RequestHeader&, bool flexible);

// A response to ApiVersions never has tagged fields in its header, so that a client that does not know the broker yet
// can read it (KIP-511).
bool response_header_is_flexible(const ApiInfo&, int16_t version);
void encode_response_header(Bytes& out, int32_t correlation_id, bool flexible);
// Takes the header off the front.
Result<int32_t> decode_response_header(BytesView& in, bool flexible);

}  // namespace leat::protocol
