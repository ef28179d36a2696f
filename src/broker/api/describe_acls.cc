#include "protocol/describe_acls.h"

#include "broker/api/acl_message.h"
#include "broker/api/api.h"

namespace leat::api {
namespace {

// Rules of one resource and pattern stand together; so they do in the state.
void add(protocol::DescribeAclsResponse& response, const Acl& acl) {
  auto type = static_cast<int8_t>(acl.resource), pattern = static_cast<int8_t>(acl.pattern);
  bool same = !response.resources.empty() && response.resources.back().resource_type == type &&
              response.resources.back().resource_name == acl.name && response.resources.back().pattern_type == pattern;
  if (!same) response.resources.push_back({type, acl.name, pattern, {}});
  response.resources.back().acls.push_back(
      {acl.principal, acl.host, static_cast<int8_t>(acl.operation), static_cast<int8_t>(acl.permission)});
}

}  // namespace

void serve_describe_acls(Service& service, Broker& broker) {
  service.serve<protocol::DescribeAcls>(
      1, 3, [&broker](const Call&, const protocol::DescribeAclsRequest& request, const auto& respond) {
        protocol::DescribeAclsResponse response;
        auto filter = read_filter(request);
        if (!broker.authorizer().is_on()) {
          response.error_code = code(ErrorCode::kSecurityDisabled);
          response.error_message = "No Authorizer is configured on the broker";
        } else if (!filter) {
          response.error_code = code(ErrorCode::kInvalidRequest);
          response.error_message = "The filter has an unknown element";
        } else {
          for (const Acl& acl : broker.state().acls().all()) {
            if (filter->matches(acl)) add(response, acl);
          }
        }
        respond(response);
      });
}

}  // namespace leat::api
