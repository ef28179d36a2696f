// Share groups (KIP-932): as of other groups, and of the topics that they read.
#include "broker/access/guard.h"
#include "protocol/alter_share_group_offsets.h"
#include "protocol/delete_share_group_offsets.h"
#include "protocol/describe_share_group_offsets.h"
#include "protocol/share_acknowledge.h"
#include "protocol/share_fetch.h"

namespace leat::access {
namespace {

constexpr auto kTopic = ErrorCode::kTopicAuthorizationFailed;
constexpr auto kGroup = ErrorCode::kGroupAuthorizationFailed;

// Reads, and says what became of what it read.
template <class Api>
void guard_share_read(Service& service, Broker& broker) {
  using Refused = typename decltype(Api::Response::responses)::value_type;
  service.guard<Api>(
      [&broker](Call call, typename Api::Request request, Respond<Api> respond, const Handler<Api>& next) {
        if (!may_group(broker, call, kRead, request.group_id.value_or(""))) {
          typename Api::Response refusal;
          refusal.error_code = code(kGroup);
          return respond(refusal);
        }
        auto refused = take_refused<Refused>(
            request.topics, [&](const auto& topic) { return may_topic(broker, call, kRead, topic.topic_id); },
            [](const auto& topic) {
              Refused out;
              out.topic_id = topic.topic_id;
              for (const auto& partition : topic.partitions) {
                auto& each = out.partitions.emplace_back();
                each.partition_index = partition.partition_index;
                each.error_code = code(kTopic);
              }
              return out;
            });
        next(std::move(call), std::move(request),
             joined<Api>(std::move(respond), &Api::Response::responses, std::move(refused)));
      });
}

// All of the topics, or nothing.
template <class Api>
void guard_share_offsets(Service& service, Broker& broker, AclOperation on_group) {
  guard_whole<Api>(service, [&broker, on_group](const Call& call, const auto& request) {
    if (!may_group(broker, call, on_group, request.group_id)) return kGroup;
    for (const auto& topic : request.topics) {
      if (!may_topic(broker, call, kRead, topic.topic_name)) return kTopic;
    }
    return ErrorCode::kNone;
  });
}

}  // namespace

void guard_shares(Service& service, Broker& broker) {
  guard_share_read<protocol::ShareFetch>(service, broker);
  guard_share_read<protocol::ShareAcknowledge>(service, broker);
  guard_share_offsets<protocol::AlterShareGroupOffsets>(service, broker, kRead);
  guard_share_offsets<protocol::DeleteShareGroupOffsets>(service, broker, kDelete);
  using protocol::DescribeShareGroupOffsets;
  using Group = DescribeShareGroupOffsets::Response::Group;
  service.guard<DescribeShareGroupOffsets>([&broker](Call call, DescribeShareGroupOffsets::Request request,
                                                     Respond<DescribeShareGroupOffsets> respond,
                                                     const Handler<DescribeShareGroupOffsets>& next) {
    auto refused = take_refused<Group>(
        request.groups, [&](const auto& group) { return may_group(broker, call, kDescribe, group.group_id); },
        [](const auto& group) {
          Group out;
          out.group_id = group.group_id;
          out.error_code = code(kGroup);
          return out;
        });
    Call asker = call;
    respond = joined<DescribeShareGroupOffsets>(std::move(respond), &DescribeShareGroupOffsets::Response::groups,
                                                std::move(refused));
    auto look = [&broker, asker](Group& group) {
      std::erase_if(group.topics,
                    [&](const auto& topic) { return !may_topic(broker, asker, kDescribe, topic.topic_name); });
    };
    next(std::move(call), std::move(request),
         looked_through<DescribeShareGroupOffsets>(std::move(respond), &DescribeShareGroupOffsets::Response::groups,
                                                   look));
  });
}

}  // namespace leat::access
