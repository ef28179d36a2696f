#include "broker/service.h"

#include "broker/access/sasl_session.h"
#include "protocol/all.h"
#include "protocol/error_code.h"

namespace leat {
namespace {

using protocol::ErrorCode;

// Of a client whose ApiVersions is newer than ours: it understands version 0, and the answer tells it what to use.
Outgoing versions_refusal(const std::vector<Service::Range>& ranges, int32_t correlation_id) {
  protocol::ApiVersionsResponse response;
  response.error_code = static_cast<int16_t>(ErrorCode::kUnsupportedVersion);
  for (const auto& range : ranges) response.api_keys.push_back({range.key, range.first, range.last});
  return Service::encode_frame<protocol::ApiVersions>(0, correlation_id, response);
}

// A token without a header, as clients send them after a handshake of version 0.
void take_bare_token(const std::shared_ptr<Client>& client, BytesView token, Service::Reply reply) {
  prove(client, token, [reply = std::move(reply)](const Result<Bytes>& answer) {
    if (!answer) return reply(std::nullopt);  // There is no way to say why; the session ends the connection.
    Outgoing out;
    put_big(out.bytes, static_cast<int32_t>(answer->size()));
    out.bytes += *answer;
    reply(std::move(out));
  });
}

}  // namespace

std::vector<Service::Range> Service::advertised() const {
  std::vector<Range> out;
  for (const auto& [key, served] : served_) out.push_back({key, served.advertised_first, served.last});
  return out;
}

Status Service::call(const std::shared_ptr<Client>& client, std::shared_ptr<const RequestFrame> frame, Reply reply) {
  if (client->sasl && client->sasl->takes_bare_tokens()) {
    take_bare_token(client, frame->bytes(), std::move(reply));
    return {};
  }
  BytesView body = frame->bytes();
  auto flexible = [this](int16_t key, int16_t version) {
    auto found = served_.find(key);
    return found != served_.end() && version <= found->second.last && found->second.api.flexible(version);
  };
  TRY_ASSIGN(protocol::RequestHeader header, protocol::decode_request_header(body, flexible));
  client->id = header.client_id.value_or("");
  if (client->sasl && !client->sasl->admits(header.api_key)) {
    return Error{Errc::kInvalidArgument,
                 "request " + std::to_string(header.api_key) + " of a client that has not proved who it is"};
  }
  auto found = served_.find(header.api_key);
  bool taken =
      found != served_.end() && header.api_version >= found->second.first && header.api_version <= found->second.last;
  if (!taken && header.api_key == protocol::ApiVersions::kInfo.key) {
    reply(versions_refusal(advertised(), header.correlation_id));
    return {};
  }
  if (!taken) {
    return Error{Errc::kUnsupported, "request " + std::to_string(header.api_key) + " in version " +
                                         std::to_string(header.api_version) + " is not served"};
  }
  Status handled = found->second.handle({client, std::move(frame), header.api_version}, header.correlation_id, body,
                                        std::move(reply));
  if (handled) return handled;
  return Error{handled.error().code, std::string(found->second.api.name) + " request, version " +
                                         std::to_string(header.api_version) + ": " + handled.error().message};
}

}  // namespace leat
