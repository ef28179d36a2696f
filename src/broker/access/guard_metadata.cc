// What there is: a topic that a client may not see is not there, or, when it is named, refused.
#include "broker/access/guard.h"
#include "protocol/describe_cluster.h"
#include "protocol/describe_topic_partitions.h"
#include "protocol/metadata.h"

namespace leat::access {
namespace {

using protocol::Metadata;

bool asks_for_all(const Call& call, const Metadata::Request& request) {
  return !request.topics || (call.version == 0 && request.topics->empty());
}

bool would_be_made(const Broker& broker, const Metadata::Request& request, const std::string& name) {
  return broker.settings().auto_create_topics && request.allow_auto_topic_creation &&
         broker.state().topic(name) == nullptr;
}

// Whoever may see the topic, or by asking make it, gets an answer.
bool is_allowed(const Broker& broker, const Call& call, const Metadata::Request& request,
                const Metadata::Request::Topic& topic) {
  if (!topic.name) return may_topic(broker, call, kDescribe, topic.topic_id);
  if (!may_topic(broker, call, kDescribe, *topic.name)) return false;
  return !would_be_made(broker, request, *topic.name) || may_cluster(broker, call, kCreate) ||
         may_topic(broker, call, kCreate, *topic.name);
}

std::vector<Metadata::Response::Topic> take_refused_topics(const Broker& broker, const Call& call,
                                                           Metadata::Request& request) {
  return take_refused<Metadata::Response::Topic>(
      *request.topics, [&](const auto& topic) { return is_allowed(broker, call, request, topic); },
      [](const auto& topic) {
        Metadata::Response::Topic out;
        out.name = topic.name;
        if (!topic.name) out.topic_id = topic.topic_id;
        out.error_code = code(kTopicRefused);
        return out;
      });
}

struct Wanted {
  bool all, topic_operations, cluster_operations;
};

void finish(const Broker& broker, const Call& call, const Wanted& wanted, Metadata::Response& response) {
  if (wanted.all) {
    std::erase_if(response.topics, [&](const Metadata::Response::Topic& topic) {
      return !may_topic(broker, call, kDescribe, *topic.name);
    });
  }
  const Authorizer& authorizer = broker.authorizer();
  for (Metadata::Response::Topic& topic : response.topics) {
    if (!wanted.topic_operations || topic.error_code != 0 || !topic.name) continue;
    topic.topic_authorized_operations = authorizer.operations(*call.client, AclResource::kTopic, *topic.name);
  }
  if (wanted.cluster_operations) {
    response.cluster_authorized_operations =
        may_cluster(broker, call, kDescribe) ? authorizer.operations(*call.client, AclResource::kCluster, kClusterName)
                                             : 0;
  }
}

void guard_topic_metadata(Service& service, Broker& broker) {
  service.guard<Metadata>(
      [&broker](Call call, Metadata::Request request, Respond<Metadata> respond, const Handler<Metadata>& next) {
        Wanted wanted{asks_for_all(call, request), request.include_topic_authorized_operations,
                      request.include_cluster_authorized_operations};
        if (!broker.authorizer().is_on() && !wanted.topic_operations && !wanted.cluster_operations) {
          return next(std::move(call), std::move(request), std::move(respond));
        }
        std::vector<Metadata::Response::Topic> refused;
        if (!wanted.all) {
          refused = take_refused_topics(broker, call, request);
          // In version 0 an empty list would stand for every topic.
          if (call.version == 0 && request.topics->empty()) wanted.all = true;
        }
        bool nothing_left = wanted.all && !refused.empty();
        Respond<Metadata> finished = [&broker, call, wanted, nothing_left,
                                      respond = joined<Metadata>(std::move(respond), &Metadata::Response::topics,
                                                                 std::move(refused))](const Metadata::Response* found) {
          Metadata::Response out = *found;
          if (nothing_left) out.topics.clear();
          finish(broker, call, wanted, out);
          respond(out);
        };
        next(std::move(call), std::move(request), std::move(finished));
      });
}

}  // namespace

void guard_metadata(Service& service, Broker& broker) {
  guard_topic_metadata(service, broker);
  using protocol::DescribeCluster, protocol::DescribeTopicPartitions;
  service.guard<DescribeCluster>([&broker](Call call, DescribeCluster::Request request,
                                           Respond<DescribeCluster> respond, const Handler<DescribeCluster>& next) {
    if (!request.include_cluster_authorized_operations) {
      return next(std::move(call), std::move(request), std::move(respond));
    }
    Call asker = call;
    next(std::move(call), std::move(request), [&broker, asker, respond](const DescribeCluster::Response* found) {
      DescribeCluster::Response out = *found;
      out.cluster_authorized_operations =
          may_cluster(broker, asker, kDescribe)
              ? broker.authorizer().operations(*asker.client, AclResource::kCluster, kClusterName)
              : 0;
      respond(out);
    });
  });
  // Without names it asks for all, and what may not be seen is left out of the answer.
  service.guard<DescribeTopicPartitions>([&broker](Call call, DescribeTopicPartitions::Request request,
                                                   Respond<DescribeTopicPartitions> respond,
                                                   const Handler<DescribeTopicPartitions>& next) {
    using Found = DescribeTopicPartitions::Response::Topic;
    auto refused = take_refused<Found>(
        request.topics, [&](const auto& topic) { return may_topic(broker, call, kDescribe, topic.name); },
        [](const auto& topic) {
          Found out;
          out.name = topic.name;
          out.error_code = code(kTopicRefused);
          return out;
        });
    bool nothing_left = request.topics.empty() && !refused.empty();
    respond = joined<DescribeTopicPartitions>(std::move(respond), &DescribeTopicPartitions::Response::topics,
                                              std::move(refused));
    Call asker = call;
    next(std::move(call), std::move(request),
         [&broker, asker, nothing_left, respond](const DescribeTopicPartitions::Response* found) {
           DescribeTopicPartitions::Response out = *found;
           if (nothing_left) out = {};
           std::erase_if(out.topics, [&](const Found& topic) {
             return topic.name && !may_topic(broker, asker, kDescribe, *topic.name);
           });
           for (Found& topic : out.topics) {
             if (topic.error_code != 0 || !topic.name) continue;
             topic.topic_authorized_operations =
                 broker.authorizer().operations(*asker.client, AclResource::kTopic, *topic.name);
           }
           respond(out);
         });
  });
}

}  // namespace leat::access
