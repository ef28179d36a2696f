// Records: who writes them, who reads them, who learns which there are.
#include "broker/access/guard.h"
#include "protocol/delete_records.h"
#include "protocol/describe_producers.h"
#include "protocol/fetch.h"
#include "protocol/list_offsets.h"
#include "protocol/offset_for_leader_epoch.h"
#include "protocol/produce.h"

namespace leat::access {
namespace {

constexpr int16_t kFetchesById = 13;

using Produced = protocol::ProduceResponse::Response;

Produced refuse_topic(const protocol::ProduceRequest::TopicData& topic, ErrorCode error) {
  Produced out;
  out.name = topic.name;
  out.topic_id = topic.topic_id;
  for (const auto& partition : topic.partition_data) {
    auto& refused = out.partition_responses.emplace_back();
    refused.index = partition.index;
    refused.error_code = code(error);
    refused.base_offset = -1;
  }
  return out;
}

void guard_produce(Service& service, Broker& broker) {
  using Api = protocol::Produce;
  service.guard<Api>([&broker](Call call, Api::Request request, Respond<Api> respond, const Handler<Api>& next) {
    const auto& transaction = request.transactional_id;
    bool may_commit = !transaction || may_transact(broker, call, kWrite, *transaction);
    auto is_allowed = [&](const auto& topic) {
      return may_commit && (call.version >= kFetchesById ? may_topic(broker, call, kWrite, topic.topic_id)
                                                         : may_topic(broker, call, kWrite, topic.name));
    };
    auto error = may_commit ? kTopicRefused : ErrorCode::kTransactionalIdAuthorizationFailed;
    auto refused = take_refused<Produced>(request.topic_data, is_allowed,
                                          [&](const auto& topic) { return refuse_topic(topic, error); });
    next(std::move(call), std::move(request),
         joined<Api>(std::move(respond), &Api::Response::responses, std::move(refused)));
  });
}

protocol::FetchResponse::Response refuse_fetch(const protocol::FetchRequest::Topic& topic) {
  protocol::FetchResponse::Response out;
  out.topic = topic.topic;
  out.topic_id = topic.topic_id;
  for (const auto& partition : topic.partitions) {
    auto& refused = out.partitions.emplace_back();
    refused.partition_index = partition.partition;
    refused.error_code = code(kTopicRefused);
    refused.high_watermark = -1;
    refused.records.emplace();
  }
  return out;
}

// Who may not read some of what is asked for is told so at once. What is allowed may change from fetch to fetch, and a
// session (KIP-227) would go on with what it began with: none is made where there are rules.
void guard_fetch(Service& service, Broker& broker) {
  using Api = protocol::Fetch;
  service.guard<Api>([&broker](Call call, Api::Request request, Respond<Api> respond, const Handler<Api>& next) {
    constexpr int32_t kNewSession = 0, kNoSession = -1;
    if (broker.authorizer().is_on() && request.session_epoch == kNewSession) request.session_epoch = kNoSession;
    auto is_allowed = [&](const auto& topic) {
      return call.version >= kFetchesById ? may_topic(broker, call, kRead, topic.topic_id)
                                          : may_topic(broker, call, kRead, topic.topic);
    };
    auto refused = take_refused<protocol::FetchResponse::Response>(request.topics, is_allowed, refuse_fetch);
    if (!refused.empty()) request.max_wait_ms = 0;
    next(std::move(call), std::move(request),
         joined<Api>(std::move(respond), &Api::Response::responses, std::move(refused)));
  });
}

// The refusal of a topic whose response has its name and partitions with an index and an error each.
template <class Refused>
auto refuse_partitions() {
  return [](const auto& topic) {
    Refused out;
    out.name = topic.name;
    for (const auto& partition : topic.partitions) {
      auto& refused = out.partitions.emplace_back();
      refused.partition_index = partition.partition_index;
      refused.error_code = code(kTopicRefused);
    }
    return out;
  };
}

protocol::OffsetForLeaderEpochResponse::Topic refuse_epochs(const protocol::OffsetForLeaderEpochRequest::Topic& topic) {
  protocol::OffsetForLeaderEpochResponse::Topic out;
  out.topic = topic.topic;
  for (const auto& partition : topic.partitions) {
    auto& refused = out.partitions.emplace_back();
    refused.partition = partition.partition;
    refused.error_code = code(kTopicRefused);
  }
  return out;
}

protocol::DescribeProducersResponse::Topic refuse_producers(const protocol::DescribeProducersRequest::Topic& topic) {
  protocol::DescribeProducersResponse::Topic out;
  out.name = topic.name;
  for (int32_t index : topic.partition_indexes) {
    auto& refused = out.partitions.emplace_back();
    refused.partition_index = index;
    refused.error_code = code(kTopicRefused);
  }
  return out;
}

}  // namespace

void guard_records(Service& service, Broker& broker) {
  guard_produce(service, broker);
  guard_fetch(service, broker);
  auto named = [&broker](AclOperation operation) {
    return [&broker, operation](const Call& call, const auto& topic) {
      return may_topic(broker, call, operation, topic.name);
    };
  };
  using protocol::DeleteRecords, protocol::DescribeProducers, protocol::ListOffsets, protocol::OffsetForLeaderEpoch;
  guard_items<ListOffsets>(service, &ListOffsets::Request::topics, &ListOffsets::Response::topics, named(kDescribe),
                           refuse_partitions<ListOffsets::Response::Topic>());
  guard_items<DeleteRecords>(service, &DeleteRecords::Request::topics, &DeleteRecords::Response::topics, named(kDelete),
                             refuse_partitions<DeleteRecords::Response::Topic>());
  guard_items<DescribeProducers>(service, &DescribeProducers::Request::topics, &DescribeProducers::Response::topics,
                                 named(kRead), refuse_producers);
  guard_items<OffsetForLeaderEpoch>(
      service, &OffsetForLeaderEpoch::Request::topics, &OffsetForLeaderEpoch::Response::topics,
      [&broker](const Call& call, const auto& topic) { return may_topic(broker, call, kDescribe, topic.topic); },
      refuse_epochs);
}

}  // namespace leat::access
