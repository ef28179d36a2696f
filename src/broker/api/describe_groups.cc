#include "protocol/describe_groups.h"

#include "broker/api/api.h"
#include "broker/group/groups.h"

namespace leat::api {
namespace {

void describe(Broker& broker, const std::string& id, int16_t version, protocol::DescribeGroupsResponse& response) {
  constexpr int16_t kSaysThatThereIsNone = 6;
  auto& out = response.groups.emplace_back();
  out.group_id = id;
  const ClassicGroup* group = broker.groups().find(id);
  if (group == nullptr) {
    out.group_state = "Dead";
    if (version >= kSaysThatThereIsNone) {
      out.error_code = code(ErrorCode::kGroupIdNotFound);
      bool other = broker.groups().kind(id) != GroupKind::kNone;
      out.error_message = "Group " + id + (other ? " is not a classic group." : " not found.");
    }
    return;
  }
  out.group_state = to_string(group->state());
  out.protocol_type = group->protocol_type().value_or("");
  bool assigned = group->state() == GroupState::kStable;
  if (assigned) out.protocol_data = group->protocol();
  for (const auto& [member_id, member] : group->members()) {
    auto& each = out.members.emplace_back();
    each.member_id = member_id;
    each.group_instance_id = member.instance_id;
    each.client_id = member.client_id;
    each.client_host = "/" + member.client_host;  // As Java writes an address.
    const Bytes* metadata = member.metadata_of(group->protocol());
    if (assigned && metadata != nullptr) each.member_metadata = *metadata;
    if (assigned) each.member_assignment = member.assignment;
  }
}

}  // namespace

void serve_describe_groups(Service& service, Broker& broker) {
  service.serve<protocol::DescribeGroups>(
      0, 6, [&broker](const Call& call, const protocol::DescribeGroupsRequest& request, const auto& respond) {
        protocol::DescribeGroupsResponse response;
        for (const std::string& id : request.groups) describe(broker, id, call.version, response);
        respond(response);
      });
}

}  // namespace leat::api
