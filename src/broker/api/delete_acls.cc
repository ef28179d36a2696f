#include "protocol/delete_acls.h"

#include <set>

#include "broker/api/acl_message.h"
#include "broker/api/api.h"

namespace leat::api {
namespace {

// What the filter matches goes into `result` and `gone`.
void match(const Broker& broker, const protocol::DeleteAclsRequest::Filter& asked,
           protocol::DeleteAclsResponse::FilterResult& result, std::set<Acl>& gone) {
  auto filter = read_filter(asked);
  if (!broker.authorizer().is_on()) {
    result.error_code = code(ErrorCode::kSecurityDisabled);
    result.error_message = "No Authorizer is configured on the broker";
    return;
  }
  if (!filter) {
    result.error_code = code(ErrorCode::kInvalidRequest);
    result.error_message = "The filter has an unknown element";
    return;
  }
  for (const Acl& acl : broker.state().acls().all()) {
    if (!filter->matches(acl)) continue;
    gone.insert(acl);
    result.matching_acls.push_back({0, std::nullopt, static_cast<int8_t>(acl.resource), acl.name,
                                    static_cast<int8_t>(acl.pattern), acl.principal, acl.host,
                                    static_cast<int8_t>(acl.operation), static_cast<int8_t>(acl.permission)});
  }
}

void remove(Broker& broker, const protocol::DeleteAclsRequest& request, Respond<protocol::DeleteAcls> respond) {
  auto response = std::make_shared<protocol::DeleteAclsResponse>();
  std::set<Acl> gone;
  for (const auto& filter : request.filters) match(broker, filter, response->filter_results.emplace_back(), gone);
  std::vector<BrokerEvent> events;
  for (const Acl& acl : gone) events.emplace_back(broker_event::AclRemoved{acl});
  broker.record(std::move(events), [response, respond = std::move(respond)](const Status& outcome) {
    for (auto& result : response->filter_results) {
      if (!outcome && result.error_code == 0) result.error_code = code(ErrorCode::kKafkaStorageError);
    }
    respond(*response);
  });
}

}  // namespace

void serve_delete_acls(Service& service, Broker& broker) {
  service.serve<protocol::DeleteAcls>(1, 3,
                                      [&broker](const Call&, const protocol::DeleteAclsRequest& request, auto respond) {
                                        remove(broker, request, std::move(respond));
                                      });
}

}  // namespace leat::api
