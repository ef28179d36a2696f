#include "client/acls.h"

#include "protocol/create_acls.h"
#include "protocol/delete_acls.h"
#include "protocol/describe_acls.h"

namespace leat::client {
namespace {

using protocol::CreateAcls, protocol::DeleteAcls, protocol::DescribeAcls;

template <class To>
void write_filter(const AclFilter& filter, To& to) {
  to.resource_type_filter = static_cast<int8_t>(filter.resource);
  to.resource_name_filter = filter.name;
  to.pattern_type_filter = static_cast<int8_t>(filter.pattern);
  to.principal_filter = filter.principal;
  to.host_filter = filter.host;
  to.operation = static_cast<int8_t>(filter.operation);
  to.permission_type = static_cast<int8_t>(filter.permission);
}

}  // namespace

Result<std::vector<Acl>> acls(Cluster& cluster, const AclFilter& filter) {
  DescribeAcls::Request request;
  write_filter(filter, request);
  auto code_of = [](const auto& response) { return response.error_code; };
  TRY_ASSIGN(auto answer, cluster.at_controller<DescribeAcls>(request, code_of));
  TRY(kafka_status("access rules", answer->error_code, answer->error_message));
  std::vector<Acl> out;
  for (const auto& resource : answer->resources) {
    for (const auto& acl : resource.acls) {
      out.push_back({static_cast<AclResource>(resource.resource_type), static_cast<AclPattern>(resource.pattern_type),
                     resource.resource_name, acl.principal, acl.host, static_cast<AclOperation>(acl.operation),
                     static_cast<AclPermission>(acl.permission_type)});
    }
  }
  return out;
}

Status add_acls(Cluster& cluster, const std::vector<Acl>& acls) {
  CreateAcls::Request request;
  for (const Acl& acl : acls) {
    auto& each = request.creations.emplace_back();
    each.resource_type = static_cast<int8_t>(acl.resource);
    each.resource_name = acl.name;
    each.resource_pattern_type = static_cast<int8_t>(acl.pattern);
    each.principal = acl.principal;
    each.host = acl.host;
    each.operation = static_cast<int8_t>(acl.operation);
    each.permission_type = static_cast<int8_t>(acl.permission);
  }
  auto code_of = [](const auto& response) -> int16_t {
    return response.results.empty() ? int16_t{0} : response.results.front().error_code;
  };
  TRY_ASSIGN(auto answer, cluster.at_controller<CreateAcls>(request, code_of));
  for (const auto& result : answer->results) TRY(kafka_status("access rule", result.error_code, result.error_message));
  return {};
}

Result<std::vector<Acl>> remove_acls(Cluster& cluster, const AclFilter& filter) {
  DeleteAcls::Request request;
  write_filter(filter, request.filters.emplace_back());
  auto code_of = [](const auto& response) -> int16_t {
    return response.filter_results.empty() ? int16_t{0} : response.filter_results.front().error_code;
  };
  TRY_ASSIGN(auto answer, cluster.at_controller<DeleteAcls>(request, code_of));
  std::vector<Acl> out;
  for (const auto& result : answer->filter_results) {
    TRY(kafka_status("access rules", result.error_code, result.error_message));
    for (const auto& acl : result.matching_acls) {
      out.push_back({static_cast<AclResource>(acl.resource_type), static_cast<AclPattern>(acl.pattern_type),
                     acl.resource_name, acl.principal, acl.host, static_cast<AclOperation>(acl.operation),
                     static_cast<AclPermission>(acl.permission_type)});
    }
  }
  return out;
}

}  // namespace leat::client
