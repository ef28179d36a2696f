#pragma once
// How requests are checked before their handlers see them: the tools for access/guard_*.cc, which say for each request
// what the client must be allowed, as Kafka's table does (docs/security.md).
//
// A handler serves what it is given. What a client may not have is taken out of the request, and its refusal is put
// into the response.
#include "broker/access/authorizer.h"
#include "broker/broker.h"
#include "protocol/error_code.h"

namespace leat::access {

using protocol::ErrorCode;
using enum AclOperation;

inline constexpr auto kTopicRefused = ErrorCode::kTopicAuthorizationFailed;

inline int16_t code(ErrorCode error) {
  return static_cast<int16_t>(error);
}

inline bool may(const Broker& broker, const Call& call, AclOperation operation, AclResource resource,
                const std::string& name) {
  return broker.authorizer().allows(*call.client, operation, resource, name);
}
inline bool may_topic(const Broker& broker, const Call& call, AclOperation operation, const std::string& name) {
  return may(broker, call, operation, AclResource::kTopic, name);
}
// By id. One that is not there may be asked for: the handler says that it is not.
inline bool may_topic(const Broker& broker, const Call& call, AclOperation operation, const Uuid& id) {
  const TopicInfo* topic = broker.state().topic(id);
  return topic == nullptr || may_topic(broker, call, operation, topic->name);
}
inline bool may_group(const Broker& broker, const Call& call, AclOperation operation, const std::string& id) {
  return may(broker, call, operation, AclResource::kGroup, id);
}
inline bool may_transact(const Broker& broker, const Call& call, AclOperation operation, const std::string& id) {
  return may(broker, call, operation, AclResource::kTransactionalId, id);
}
inline bool may_cluster(const Broker& broker, const Call& call, AclOperation operation) {
  return broker.authorizer().allows_cluster(*call.client, operation);
}

// All or nothing. `refusal(call, request)`: the error, or kNone. `refuse(request, error)`: the response that says it.
template <class Api, class Refusal, class Refuse>
void guard_whole(Service& service, Refusal refusal, Refuse refuse) {
  service.guard<Api>(
      [refusal, refuse](Call call, typename Api::Request request, Respond<Api> respond, const Handler<Api>& next) {
        ErrorCode error = refusal(call, request);
        if (error == ErrorCode::kNone) return next(std::move(call), std::move(request), std::move(respond));
        respond(refuse(request, error));
      });
}

// The same for responses that have one error.
template <class Api, class Refusal>
void guard_whole(Service& service, Refusal refusal) {
  guard_whole<Api>(service, refusal, [](const typename Api::Request&, ErrorCode error) {
    typename Api::Response response;
    response.error_code = code(error);
    return response;
  });
}

template <class Api>
void guard_cluster(Service& service, Broker& broker, AclOperation operation) {
  guard_whole<Api>(service, [&broker, operation](const Call& call, const auto&) {
    return may_cluster(broker, call, operation) ? ErrorCode::kNone : ErrorCode::kClusterAuthorizationFailed;
  });
}

template <class Api>
void guard_group(Service& service, Broker& broker, AclOperation operation) {
  guard_whole<Api>(service, [&broker, operation](const Call& call, const auto& request) {
    return may_group(broker, call, operation, request.group_id) ? ErrorCode::kNone
                                                                : ErrorCode::kGroupAuthorizationFailed;
  });
}

// The response with what was refused behind what was served.
template <class Api, class List>
Respond<Api> joined(Respond<Api> respond, List Api::Response::*list, List refused) {
  if (refused.empty()) return respond;
  return [respond = std::move(respond), list, refused = std::move(refused)](const typename Api::Response* served) {
    if (served == nullptr) return respond.with_nothing();
    typename Api::Response out = *served;
    (out.*list).insert((out.*list).end(), refused.begin(), refused.end());
    respond(out);
  };
}

// The response with `look(item)` at each item of its list.
template <class Api, class Item, class Look>
Respond<Api> looked_through(Respond<Api> respond, std::vector<Item> Api::Response::*list, Look look) {
  return [respond = std::move(respond), list, look](const typename Api::Response* found) {
    if (found == nullptr) return respond.with_nothing();
    typename Api::Response out = *found;
    for (Item& item : out.*list) look(item);
    respond(out);
  };
}

// Takes out of `asked` what `is_allowed` refuses, and returns a refusal of each.
template <class Refused, class Asked, class IsAllowed, class Refuse>
std::vector<Refused> take_refused(std::vector<Asked>& asked, IsAllowed is_allowed, Refuse refuse) {
  std::vector<Refused> out;
  std::erase_if(asked, [&](const Asked& each) {
    if (is_allowed(each)) return false;
    out.push_back(refuse(each));
    return true;
  });
  return out;
}

// Item by item. `is_allowed(call, item)`; `refuse(item)`: the item of the response.
template <class Api, class Asked, class Answered, class IsAllowed, class Refuse>
void guard_items(Service& service, std::vector<Asked> Api::Request::*asked,
                 std::vector<Answered> Api::Response::*answered, IsAllowed is_allowed, Refuse refuse) {
  service.guard<Api>([=](Call call, typename Api::Request request, Respond<Api> respond, const Handler<Api>& next) {
    auto refused = take_refused<Answered>(
        request.*asked, [&](const Asked& each) { return is_allowed(call, each); }, refuse);
    next(std::move(call), std::move(request), joined<Api>(std::move(respond), answered, std::move(refused)));
  });
}

// What a handler found is looked through before it is sent.
template <class Api, class Look>
void guard_answer(Service& service, Look look) {
  service.guard<Api>([look](Call call, typename Api::Request request, Respond<Api> respond, const Handler<Api>& next) {
    auto client = call;
    next(std::move(call), std::move(request),
         [client = std::move(client), look, respond = std::move(respond)](const typename Api::Response* found) {
           if (found == nullptr) return respond.with_nothing();
           typename Api::Response out = *found;
           look(client, out);
           respond(out);
         });
  });
}

void guard_records(Service&, Broker&);
void guard_topics(Service&, Broker&);
void guard_metadata(Service&, Broker&);
void guard_configs(Service&, Broker&);
void guard_groups(Service&, Broker&);
void guard_offsets(Service&, Broker&);
void guard_transactions(Service&, Broker&);
void guard_shares(Service&, Broker&);
void guard_administration(Service&, Broker&);

// Of every request that there is. One without a guard is for who may act as the cluster (Service).
void guard_all(Service&, Broker&);

}  // namespace leat::access
