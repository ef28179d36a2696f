#include "client/channel.h"

#include <algorithm>

#include "protocol/api_versions.h"
#include "protocol/error_code.h"

namespace leat::client {
namespace {

constexpr size_t kReadBytes = 64 * 1024;

}  // namespace

Result<std::unique_ptr<Channel>> Channel::connect(Dialer& dialer, const Endpoint& broker, const ClientOptions& options,
                                                  Instant deadline) {
  auto stream = dialer.dial(broker, deadline);
  if (!stream) return Error{stream.error().code, broker.to_string() + ": " + stream.error().message};
  std::unique_ptr<Channel> out(new Channel(std::move(*stream), broker, options.client_id));
  TRY(out->negotiate(deadline));
  return out;
}

// A broker that does not know our version of the question answers in version 0, with an error (KIP-511).
Status Channel::negotiate(Instant deadline) {
  using protocol::ApiVersions;
  ApiVersions::Request request;
  request.client_software_name = "leat";
  request.client_software_version = "0.1.0";
  constexpr auto kTooNew = static_cast<int16_t>(protocol::ErrorCode::kUnsupportedVersion);
  for (int16_t version : {ApiVersions::kInfo.last, int16_t{3}, int16_t{0}}) {
    Bytes frame = begin_frame(ApiVersions::kInfo, version);
    Encoder encoder(frame, ApiVersions::kInfo.flexible(version));
    encode(encoder, version, request);
    BytesView body;
    TRY_ASSIGN(auto response, exchange(ApiVersions::kInfo, version, std::move(frame), deadline, body));
    bool too_new = body.size() >= 2 && load_big<int16_t>(body.data()) == kTooNew;
    if (too_new && version > 0) continue;
    ApiVersions::Response out;
    Decoder decoder(body, ApiVersions::kInfo.flexible(version));
    decode(decoder, version, out);
    Status good = decoder.finish();
    if (good && out.error_code != 0) {
      good = Error{Errc::kUnsupported, protocol::to_string(static_cast<protocol::ErrorCode>(out.error_code))};
    }
    if (!good) return broken(ApiVersions::kInfo, good.error());
    for (const auto& api : out.api_keys) versions_[api.api_key] = {api.min_version, api.max_version};
    return {};
  }
  return broken(ApiVersions::kInfo, {Errc::kUnsupported, "the broker takes none of our versions"});
}

Result<int16_t> Channel::version_of(const protocol::ApiInfo& api, int16_t version_max) const {
  auto found = versions_.find(api.key);
  std::string place = broker_.to_string() + ": " + api.name;
  if (found == versions_.end()) {
    return Error{Errc::kUnsupported, place + ": this broker does not take such requests"};
  }
  auto [first, last] = found->second;
  int16_t version = std::min(last, version_max);
  if (version < first || !api.has(version)) {
    return Error{Errc::kUnsupported, place + ": the broker takes versions " + std::to_string(first) + " to " +
                                         std::to_string(last) + ", and we know " + std::to_string(api.first) + " to " +
                                         std::to_string(version_max)};
  }
  return version;
}

Bytes Channel::begin_frame(const protocol::ApiInfo& api, int16_t version) {
  Bytes frame(sizeof(int32_t), '\0');
  protocol::encode_request_header(frame, {api.key, version, ++correlation_id_, client_id_}, api.flexible(version));
  return frame;
}

Result<std::shared_ptr<const Bytes>> Channel::exchange(const protocol::ApiInfo& api, int16_t version, Bytes frame,
                                                       Instant deadline, BytesView& body) {
  store_big(frame.data(), static_cast<int32_t>(frame.size() - sizeof(int32_t)));
  if (Status sent = stream_->write(frame, deadline); !sent) return broken(api, sent.error());
  auto response = receive(deadline);
  if (!response) return broken(api, response.error());
  auto out = std::make_shared<const Bytes>(std::move(*response));
  body = *out;
  auto id = protocol::decode_response_header(body, protocol::response_header_is_flexible(api, version));
  if (!id) return broken(api, id.error());
  if (*id != correlation_id_) return broken(api, {Errc::kCorruption, "the response is to another request"});
  return out;
}

Result<Bytes> Channel::receive(Instant deadline) {
  const Error closed{Errc::kIo, "the broker closed the connection instead of answering"};
  char prefix[sizeof(int32_t)];
  for (size_t filled = 0; filled < sizeof prefix;) {
    TRY_ASSIGN(size_t got, stream_->read({prefix + filled, sizeof prefix - filled}, deadline));
    if (got == 0) return closed;
    filled += got;
  }
  auto size = load_big<int32_t>(prefix);
  if (size < static_cast<int32_t>(sizeof(int32_t)) || size > kResponseBytesMax) {
    return Error{Errc::kCorruption, "the response's length, " + std::to_string(size) +
                                        ", makes no sense: is this the port of a Kafka broker, without TLS?"};
  }
  auto wanted = static_cast<size_t>(size);
  Bytes out;
  for (size_t filled = 0; filled < wanted;) {
    if (filled == out.size()) out.resize(std::min(wanted, std::max(kReadBytes, 2 * filled)));
    TRY_ASSIGN(size_t got, stream_->read({out.data() + filled, out.size() - filled}, deadline));
    if (got == 0) return closed;
    filled += got;
  }
  return out;
}

Error Channel::broken(const protocol::ApiInfo& api, const Error& error) {
  usable_ = false;
  return {error.code, broker_.to_string() + ": " + api.name + ": " + error.message};
}

}  // namespace leat::client
