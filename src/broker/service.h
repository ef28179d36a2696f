#pragma once
// Service: which requests are taken, in which versions, and what serves each of them. Kafka's protocol without sockets.
#include <map>
#include <optional>

#include "broker/call.h"

namespace leat {

// Serves a request of Api.
template <class Api>
using Handler = std::function<void(Call, typename Api::Request, Respond<Api>)>;

class Service {
 public:
  // The encoded response, header and length included; nullopt: none is sent (a produce request with acks=0).
  using Reply = std::function<void(std::optional<Outgoing>)>;

  // Takes Api's requests in versions first..last. They are advertised from `advertised_first` on: some clients ask for
  // a feature by an old version that nobody sends any more (docs/kafka.md).
  template <class Api>
  void serve(int16_t first, int16_t last, Handler<Api> handle, std::optional<int16_t> advertised_first = {}) {
    auto raw = [this, handle = std::move(handle)](Call call, int32_t correlation_id, BytesView body,
                                                  Reply reply) -> Status {
      typename Api::Request request;
      Decoder decoder(body, Api::kInfo.flexible(call.version));
      decode(decoder, call.version, request);
      TRY(decoder.status());  // What stands behind the message is passed over, as Kafka does: librdkafka 2.15 pads
                              // Metadata.
      int16_t version = call.version;
      Respond<Api> respond = [version, correlation_id, client = call.client, request_bytes = call.frame->size(),
                              throttle = throttle_, reply = std::move(reply)](const typename Api::Response* response) {
        std::optional<Outgoing> out;
        if (response != nullptr) out = encode_frame<Api>(version, correlation_id, *response);
        RequestCost cost{Api::kInfo.key, request_bytes, out ? out->size() : 0};
        int64_t wait_ms = throttle ? (*throttle)(*client, cost) : 0;
        if (wait_ms > 0 && out) out = encode_frame<Api>(version, correlation_id, telling(*response, wait_ms));
        reply(std::move(out));
      };
      auto guard = guards_.find(Api::kInfo.key);
      if (guard != guards_.end()) {
        const auto& check = *static_cast<const Guard<Api>*>(guard->second.get());
        check(std::move(call), std::move(request), std::move(respond), handle);
        return {};
      }
      if (fallback_ && !fallback_(call)) return Error{Errc::kInvalidArgument, "nobody said who may ask for this"};
      handle(std::move(call), std::move(request), std::move(respond));
      return {};
    };
    served_[Api::kInfo.key] = {Api::kInfo, first, last, advertised_first.value_or(first), std::move(raw)};
  }

  // What stands before Api's handler, whichever was told first: it serves the request, or a part of it, through `next`,
  // or answers itself.
  template <class Api>
  using Guard = std::function<void(Call, typename Api::Request, Respond<Api>, const Handler<Api>& next)>;
  template <class Api>
  void guard(Guard<Api> check) {
    guards_[Api::kInfo.key] = std::make_shared<const Guard<Api>>(std::move(check));
  }
  bool has_guard(int16_t key) const { return guards_.contains(key); }
  // Whether a request without a guard may be served.
  void set_fallback(std::function<bool(const Call&)> fallback) { fallback_ = std::move(fallback); }

  // For how long, in ms, a client has to wait after a request; responses say it. Of the requests that come from now on.
  using Throttle = std::function<int64_t(Client&, const RequestCost&)>;
  void set_throttle(Throttle throttle) { throttle_ = std::make_shared<const Throttle>(std::move(throttle)); }

  // One frame, complete. An error: the client cannot be served, and its connection is closed.
  Status call(const std::shared_ptr<Client>&, std::shared_ptr<const RequestFrame> frame, Reply);

  struct Range {
    int16_t key, first, last;
  };
  std::vector<Range> advertised() const;  // By ascending key.

  template <class Api>
  static Outgoing encode_frame(int16_t version, int32_t correlation_id, const typename Api::Response& response) {
    Outgoing out;
    out.bytes.resize(sizeof(int32_t));
    protocol::encode_response_header(out.bytes, correlation_id,
                                     protocol::response_header_is_flexible(Api::kInfo, version));
    Encoder encoder(out.bytes, Api::kInfo.flexible(version));
    encode(encoder, version, response);
    for (const auto& splice : encoder.splices()) out.splices.push_back({splice.at, splice.file});
    store_big(out.bytes.data(), static_cast<int32_t>(out.size() - sizeof(int32_t)));
    return out;
  }

 private:
  // The same, with how long to wait, where the response has a place for it (KIP-219).
  template <class Response>
  static Response telling(Response response, int64_t wait_ms) {
    if constexpr (requires { response.throttle_time_ms; }) response.throttle_time_ms = static_cast<int32_t>(wait_ms);
    return response;
  }

  struct Served {
    protocol::ApiInfo api;
    int16_t first, last, advertised_first;
    std::function<Status(Call, int32_t correlation_id, BytesView body, Reply)> handle;
  };
  std::map<int16_t, Served> served_;
  std::map<int16_t, std::shared_ptr<const void>> guards_;  // Of the Guard of their key's Api.
  std::function<bool(const Call&)> fallback_;
  std::shared_ptr<const Throttle> throttle_;  // Null: nobody waits.
};

}  // namespace leat
