// Offsets: who sets, sees and removes how far a group has come.
#include "broker/access/guard.h"
#include "protocol/offset_commit.h"
#include "protocol/offset_delete.h"
#include "protocol/offset_fetch.h"

namespace leat::access {
namespace {

constexpr int16_t kManyGroups = 8, kTopicsById = 10;

void guard_commit(Service& service, Broker& broker) {
  using Api = protocol::OffsetCommit;
  service.guard<Api>([&broker](Call call, Api::Request request, Respond<Api> respond, const Handler<Api>& next) {
    bool group = may_group(broker, call, kRead, request.group_id);
    auto refused = take_refused<Api::Response::Topic>(
        request.topics,
        [&](const auto& topic) {
          return group && (call.version >= kTopicsById ? may_topic(broker, call, kRead, topic.topic_id)
                                                       : may_topic(broker, call, kRead, topic.name));
        },
        [&](const auto& topic) {
          Api::Response::Topic out;
          out.name = topic.name;
          out.topic_id = topic.topic_id;
          auto error = group ? kTopicRefused : ErrorCode::kGroupAuthorizationFailed;
          for (const auto& partition : topic.partitions) {
            out.partitions.push_back({partition.partition_index, code(error)});
          }
          return out;
        });
    respond = joined<Api>(std::move(respond), &Api::Response::topics, std::move(refused));
    if (!group) return respond(Api::Response());  // Nothing is left; nor does it count as a sign of life.
    next(std::move(call), std::move(request), std::move(respond));
  });
}

template <class Topic, class Asked>
Topic refuse_offsets(const Asked& topic) {
  Topic out;
  out.name = topic.name;
  if constexpr (requires { out.topic_id = topic.topic_id; }) out.topic_id = topic.topic_id;
  for (int32_t index : topic.partition_indexes) {
    auto& partition = out.partitions.emplace_back();
    partition.partition_index = index;
    partition.committed_offset = -1;
    partition.metadata = "";
    partition.error_code = code(kTopicRefused);
  }
  return out;
}

// What of the topics that were named is refused; without names what may not be seen is left out.
using One = protocol::OffsetFetchResponse::Topic;
using Of = protocol::OffsetFetchResponse::Group;

void fetch_one(Broker& broker, Call call, protocol::OffsetFetchRequest request,
               const Respond<protocol::OffsetFetch>& respond, const Handler<protocol::OffsetFetch>& next) {
  if (!may_group(broker, call, kDescribe, request.group_id)) {
    protocol::OffsetFetchResponse refusal;
    refusal.error_code = code(ErrorCode::kGroupAuthorizationFailed);
    return respond(refusal);
  }
  std::vector<One> refused;
  if (request.topics) {
    refused = take_refused<One>(
        *request.topics, [&](const auto& topic) { return may_topic(broker, call, kDescribe, topic.name); },
        [](const auto& topic) { return refuse_offsets<One>(topic); });
  }
  Call asker = call;
  next(std::move(call), std::move(request),
       [&broker, asker, refused = std::move(refused), respond](const protocol::OffsetFetchResponse* found) {
         auto out = *found;
         std::erase_if(out.topics, [&](const One& topic) { return !may_topic(broker, asker, kDescribe, topic.name); });
         out.topics.insert(out.topics.end(), refused.begin(), refused.end());
         respond(out);
       });
}

void fetch_many(Broker& broker, Call call, protocol::OffsetFetchRequest request,
                const Respond<protocol::OffsetFetch>& respond, const Handler<protocol::OffsetFetch>& next) {
  auto allowed = [&broker](const Call& asker, const auto& topic) {
    return asker.version >= kTopicsById ? may_topic(broker, asker, kDescribe, topic.topic_id)
                                        : may_topic(broker, asker, kDescribe, topic.name);
  };
  auto refused_groups = take_refused<Of>(
      request.groups, [&](const auto& group) { return may_group(broker, call, kDescribe, group.group_id); },
      [](const auto& group) {
        Of out;
        out.group_id = group.group_id;
        out.error_code = code(ErrorCode::kGroupAuthorizationFailed);
        return out;
      });
  std::map<std::string, std::vector<Of::Topic>> refused;
  for (auto& group : request.groups) {
    if (!group.topics) continue;
    refused[group.group_id] = take_refused<Of::Topic>(
        *group.topics, [&](const auto& topic) { return allowed(call, topic); },
        [](const auto& topic) { return refuse_offsets<Of::Topic>(topic); });
  }
  Call asker = call;
  next(std::move(call), std::move(request),
       [allowed, asker, refused = std::move(refused), refused_groups,
        respond](const protocol::OffsetFetchResponse* found) {
         auto out = *found;
         for (Of& group : out.groups) {
           std::erase_if(group.topics, [&](const auto& topic) { return !allowed(asker, topic); });
           auto more = refused.find(group.group_id);
           if (more != refused.end()) group.topics.insert(group.topics.end(), more->second.begin(), more->second.end());
         }
         out.groups.insert(out.groups.end(), refused_groups.begin(), refused_groups.end());
         respond(out);
       });
}

}  // namespace

void guard_offsets(Service& service, Broker& broker) {
  guard_commit(service, broker);
  using protocol::OffsetDelete, protocol::OffsetFetch;
  service.guard<OffsetFetch>([&broker](Call call, OffsetFetch::Request request, Respond<OffsetFetch> respond,
                                       const Handler<OffsetFetch>& next) {
    if (!broker.authorizer().is_on()) return next(std::move(call), std::move(request), std::move(respond));
    auto fetch = call.version >= kManyGroups ? fetch_many : fetch_one;
    fetch(broker, std::move(call), std::move(request), respond, next);
  });
  service.guard<OffsetDelete>([&broker](Call call, OffsetDelete::Request request, Respond<OffsetDelete> respond,
                                        const Handler<OffsetDelete>& next) {
    if (!may_group(broker, call, kDelete, request.group_id)) {
      OffsetDelete::Response refusal;
      refusal.error_code = code(ErrorCode::kGroupAuthorizationFailed);
      return respond(refusal);
    }
    auto refused = take_refused<OffsetDelete::Response::Topic>(
        request.topics, [&](const auto& topic) { return may_topic(broker, call, kRead, topic.name); },
        [](const auto& topic) {
          OffsetDelete::Response::Topic out;
          out.name = topic.name;
          for (const auto& partition : topic.partitions) {
            out.partitions.push_back({partition.partition_index, code(kTopicRefused)});
          }
          return out;
        });
    next(std::move(call), std::move(request),
         joined<OffsetDelete>(std::move(respond), &OffsetDelete::Response::topics, std::move(refused)));
  });
}

}  // namespace leat::access
