#include "protocol/create_acls.h"

#include "broker/api/acl_message.h"
#include "broker/api/api.h"

namespace leat::api {
namespace {

Acl read(const protocol::CreateAclsRequest::Creation& asked) {
  return {static_cast<AclResource>(asked.resource_type),
          static_cast<AclPattern>(asked.resource_pattern_type),
          asked.resource_name,
          asked.principal,
          asked.host,
          static_cast<AclOperation>(asked.operation),
          static_cast<AclPermission>(asked.permission_type)};
}

void create(Broker& broker, const protocol::CreateAclsRequest& request, Respond<protocol::CreateAcls> respond) {
  auto response = std::make_shared<protocol::CreateAclsResponse>();
  std::vector<BrokerEvent> events;
  for (const auto& asked : request.creations) {
    auto& result = response->results.emplace_back();
    Acl acl = read(asked);
    std::string complaint = complaint_about(acl);
    if (!broker.authorizer().is_on()) {
      result.error_code = code(ErrorCode::kSecurityDisabled);
      result.error_message = "No Authorizer is configured on the broker";
    } else if (!complaint.empty()) {
      result.error_code = code(ErrorCode::kInvalidRequest);
      result.error_message = complaint;
    } else {
      events.emplace_back(broker_event::AclAdded{acl});
    }
  }
  broker.record(std::move(events), [response, respond = std::move(respond)](const Status& outcome) {
    for (auto& result : response->results) {
      if (!outcome && result.error_code == 0) result.error_code = code(ErrorCode::kKafkaStorageError);
    }
    respond(*response);
  });
}

}  // namespace

void serve_create_acls(Service& service, Broker& broker) {
  service.serve<protocol::CreateAcls>(1, 3,
                                      [&broker](const Call&, const protocol::CreateAclsRequest& request, auto respond) {
                                        create(broker, request, std::move(respond));
                                      });
}

}  // namespace leat::api
