#include "protocol/fetch.h"

#include <cstring>

#include "broker/api/api.h"
#include "broker/fetch/fetch_sessions.h"
#include "broker/fetch/fetching.h"
#include "broker/group/groups.h"

namespace leat::api {
namespace {

using Answer = Respond<protocol::Fetch>;

constexpr int16_t kFetchesById = 13;
// Of the session's epoch in a request: it makes a session, it wants none.
constexpr int32_t kFirstEpoch = 0, kFinalEpoch = -1;

// How far the client has got is a fact about the members of its group.
void observe(Broker& broker, const Call& call, const protocol::FetchRequest& request) {
  ClientLine* line = broker.groups().observer().fetching(call);
  for (size_t i = 0; line != nullptr && i < request.topics.size(); ++i) {
    const auto& topic = request.topics[i];
    const TopicInfo* info = call.version >= kFetchesById ? broker.state().topic(topic.topic_id) : nullptr;
    for (const auto& asked : topic.partitions) {
      if (!line->asks(info != nullptr ? info->name : topic.topic, asked.partition, asked.fetch_offset)) return;
    }
  }
}

void refuse(ErrorCode error, const Answer& respond) {
  protocol::FetchResponse response;
  response.error_code = code(error);
  respond(response);
}

// What serves fetch requests, with the sessions of all clients.
class Fetcher {
 public:
  explicit Fetcher(Broker& broker)
      : broker_(broker), sessions_(static_cast<size_t>(broker.settings().fetch_sessions_max), [&broker] {
          uint64_t bits = 0;
          std::memcpy(&bits, broker.random_uuid().bytes.data(), sizeof bits);
          return bits;
        }) {}

  void serve(const Call& call, protocol::FetchRequest request, Answer respond) {
    bool whole = request.session_epoch == kFirstEpoch || request.session_epoch == kFinalEpoch;
    if (!whole) return go_on(call, std::move(request), std::move(respond));
    sessions_.remove(request.session_id);
    if (request.session_epoch == kFinalEpoch) {
      return fetch(call, std::move(request),
                   [respond = std::move(respond)](protocol::FetchResponse& response) { respond(response); });
    }
    begin(call, std::move(request), std::move(respond));
  }

 private:
  void fetch(const Call& call, protocol::FetchRequest request, Fetching::Answer answer) {
    observe(broker_, call, request);
    std::make_shared<Fetching>(broker_, call.version, std::move(request), std::move(answer))->run();
  }

  // A request with all partitions, of which a session is made if there is room for it.
  void begin(const Call& call, protocol::FetchRequest request, Answer respond) {
    auto session = std::make_shared<FetchSession>(call.version >= kFetchesById);
    session->update(request);
    fetch(call, std::move(request), [this, session, respond = std::move(respond)](protocol::FetchResponse& response) {
      session->note(response, false);
      auto made = session->size() == 0 ? nullptr : sessions_.add(std::move(*session), broker_.monotonic());
      if (made) response.session_id = made->id;
      respond(response);
    });
  }

  // A request that names what changed.
  void go_on(const Call& call, protocol::FetchRequest request, Answer respond) {
    auto entry = sessions_.find(request.session_id);
    if (!entry) return refuse(ErrorCode::kFetchSessionIdNotFound, respond);
    if (entry->epoch != request.session_epoch) return refuse(ErrorCode::kInvalidFetchSessionEpoch, respond);
    if (entry->session.by_id() != (call.version >= kFetchesById)) {
      return refuse(ErrorCode::kFetchSessionTopicIdError, respond);
    }
    entry->session.update(request);
    entry->session.put_into(request);
    sessions_.touch(*entry, broker_.monotonic());
    if (entry->session.size() == 0) sessions_.remove(entry->id);
    int32_t epoch = entry->epoch;
    fetch(call, std::move(request), [entry, epoch, respond = std::move(respond)](protocol::FetchResponse& response) {
      // Somebody else used the session meanwhile.
      if (entry->epoch != epoch) return refuse(ErrorCode::kInvalidFetchSessionEpoch, respond);
      entry->session.note(response, true);
      if (entry->session.size() > 0) response.session_id = entry->id;
      respond(response);
    });
  }

  Broker& broker_;
  FetchSessions sessions_;
};

}  // namespace

void serve_fetch(Service& service, Broker& broker) {
  auto fetcher = std::make_shared<Fetcher>(broker);
  service.serve<protocol::Fetch>(4, 17, [fetcher](const Call& call, protocol::FetchRequest request, auto respond) {
    fetcher->serve(call, std::move(request), std::move(respond));
  });
}

}  // namespace leat::api
