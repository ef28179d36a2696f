#pragma once
// Channel: one connection with one broker. It asks for the versions that the broker takes, and sends each request in
// the highest that both know. One request at a time.
//
// Hostile brokers: a response is at most kResponseBytesMax long, takes only as much memory as has really come, and
// must answer the request that was sent. Whatever is wrong is an Error that names the broker and the request; after it
// usable() is false and the channel can only be thrown away.
#include <map>

#include "client/answer.h"
#include "client/client_options.h"
#include "env/net_stream.h"
#include "protocol/header.h"

namespace leat::client {

inline constexpr int32_t kResponseBytesMax = 64 << 20;

class Channel {
 public:
  // Logs in, if the options say who we are. kInvalidArgument: the broker does not believe us, or we not it.
  static Result<std::unique_ptr<Channel>> open(Dialer&, const Endpoint&, const ClientOptions&, Instant deadline);

  // kUnsupported if there is no version that both know, of those up to `version_max`. kIo, kTimeout, kCorruption.
  template <class Api>
  Result<Answer<Api>> call(const typename Api::Request& request, Instant deadline,
                           int16_t version_max = Api::kInfo.last) {
    TRY_ASSIGN(int16_t version, version_of(Api::kInfo, version_max));
    return call_as<Api>(request, version, deadline);
  }

  bool knows(const protocol::ApiInfo& api) const { return version_of(api, api.last).has_value(); }
  bool usable() const { return usable_; }
  const Endpoint& broker() const { return broker_; }

 private:
  struct Range {
    int16_t first, last;
  };

  Channel(std::unique_ptr<NetStream> stream, Endpoint broker, std::string client_id)
      : stream_(std::move(stream)), broker_(std::move(broker)), client_id_(std::move(client_id)) {}

  template <class Api>
  Result<Answer<Api>> call_as(const typename Api::Request& request, int16_t version, Instant deadline) {
    Bytes frame = begin_frame(Api::kInfo, version);
    Encoder encoder(frame, Api::kInfo.flexible(version));
    encode(encoder, version, request);
    BytesView body;
    TRY_ASSIGN(auto response, exchange(Api::kInfo, version, std::move(frame), deadline, body));
    typename Api::Response out;
    Decoder decoder(body, Api::kInfo.flexible(version));
    decode(decoder, version, out);
    if (Status good = decoder.finish(); !good) return broken(Api::kInfo, {Errc::kCorruption, good.error().message});
    return Answer<Api>(std::move(response), std::move(out));
  }

  static Result<std::unique_ptr<Channel>> connect(Dialer&, const Endpoint&, const ClientOptions&, Instant deadline);
  Status prove(const Login&, const std::string& mechanism, Instant deadline);
  Result<Bytes> step(const Bytes& token, Instant deadline);
  Status negotiate(Instant deadline);
  Result<int16_t> version_of(const protocol::ApiInfo&, int16_t version_max) const;
  Bytes begin_frame(const protocol::ApiInfo&, int16_t version);
  // Sends the request, and reads the response into memory of its own; `body` is what follows the response's header.
  Result<std::shared_ptr<const Bytes>> exchange(const protocol::ApiInfo&, int16_t version, Bytes frame,
                                                Instant deadline, BytesView& body);
  Result<Bytes> receive(Instant deadline);
  // The error, with the broker and the request in front of it. The channel is not usable any more.
  Error broken(const protocol::ApiInfo&, const Error&);

  std::unique_ptr<NetStream> stream_;
  Endpoint broker_;
  std::string client_id_;
  std::map<int16_t, Range> versions_;
  int32_t correlation_id_ = 0;
  bool usable_ = true;
};

}  // namespace leat::client
