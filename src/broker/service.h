#pragma once
// Service: which requests are taken, in which versions, and what serves each of them. Kafka's protocol without sockets.
#include <map>
#include <optional>

#include "broker/call.h"

namespace leat {

class Service {
 public:
  // The encoded response, header and length included; nullopt: none is sent (a produce request with acks=0).
  using Reply = std::function<void(std::optional<Outgoing>)>;

  // Takes Api's requests in versions first..last. They are advertised from `advertised_first` on: some clients ask for
  // a feature by an old version that nobody sends any more (docs/kafka.md).
  template <class Api>
  void serve(int16_t first, int16_t last, std::function<void(Call, typename Api::Request, Respond<Api>)> handle,
             std::optional<int16_t> advertised_first = {}) {
    auto raw = [handle = std::move(handle)](Call call, int32_t correlation_id, BytesView body, Reply reply) -> Status {
      typename Api::Request request;
      Decoder decoder(body, Api::kInfo.flexible(call.version));
      decode(decoder, call.version, request);
      TRY(decoder.finish());
      int16_t version = call.version;
      handle(std::move(call), std::move(request),
             [version, correlation_id, reply = std::move(reply)](const typename Api::Response* response) {
               reply(response == nullptr ? std::nullopt
                                         : std::optional(encode_frame<Api>(version, correlation_id, *response)));
             });
      return {};
    };
    served_[Api::kInfo.key] = {Api::kInfo, first, last, advertised_first.value_or(first), std::move(raw)};
  }

  // One frame, without its length. An error: the client cannot be served, and its connection is closed.
  Status call(const std::shared_ptr<Client>&, std::shared_ptr<const Bytes> frame, Reply);

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
  struct Served {
    protocol::ApiInfo api;
    int16_t first, last, advertised_first;
    std::function<Status(Call, int32_t correlation_id, BytesView body, Reply)> handle;
  };
  std::map<int16_t, Served> served_;
};

}  // namespace leat
