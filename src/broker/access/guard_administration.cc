// What is about the cluster as a whole.
#include <set>

#include "broker/access/guard.h"
#include "protocol/alter_client_quotas.h"
#include "protocol/alter_partition_reassignments.h"
#include "protocol/alter_replica_log_dirs.h"
#include "protocol/alter_user_scram_credentials.h"
#include "protocol/create_acls.h"
#include "protocol/delete_acls.h"
#include "protocol/describe_acls.h"
#include "protocol/describe_client_quotas.h"
#include "protocol/describe_log_dirs.h"
#include "protocol/describe_quorum.h"
#include "protocol/describe_user_scram_credentials.h"
#include "protocol/elect_leaders.h"
#include "protocol/list_config_resources.h"
#include "protocol/list_partition_reassignments.h"
#include "protocol/update_features.h"
#include "protocol/write_txn_markers.h"

namespace leat::access {
namespace {

constexpr auto kClusterRefused = ErrorCode::kClusterAuthorizationFailed;

// For responses in which each thing that was asked for has an error of its own. `refuse(request)`: the response.
template <class Api, class Refuse>
void guard_each(Service& service, Broker& broker, AclOperation operation, Refuse refuse) {
  guard_whole<Api>(
      service,
      [&broker, operation](const Call& call, const auto&) {
        return may_cluster(broker, call, operation) ? ErrorCode::kNone : kClusterRefused;
      },
      [refuse](const typename Api::Request& request, ErrorCode) {
        typename Api::Response response;
        refuse(request, response);
        return response;
      });
}

void refuse_credentials(const protocol::AlterUserScramCredentialsRequest& request,
                        protocol::AlterUserScramCredentialsResponse& response) {
  std::set<std::string> users;
  for (const auto& each : request.deletions) users.insert(each.name);
  for (const auto& each : request.upsertions) users.insert(each.name);
  for (const std::string& user : users) {
    response.results.push_back({user, code(kClusterRefused), "Cluster authorization failed."});
  }
}

protocol::WriteTxnMarkersResponse refuse_markers(const protocol::WriteTxnMarkersRequest& request, ErrorCode) {
  protocol::WriteTxnMarkersResponse response;
  for (const auto& marker : request.markers) {
    auto& out = response.markers.emplace_back();
    out.producer_id = marker.producer_id;
    for (const auto& topic : marker.topics) {
      auto& refused = out.topics.emplace_back();
      refused.name = topic.name;
      for (int32_t index : topic.partition_indexes) refused.partitions.push_back({index, code(kClusterRefused)});
    }
  }
  return response;
}

}  // namespace

void guard_administration(Service& service, Broker& broker) {
  guard_cluster<protocol::DescribeAcls>(service, broker, kDescribe);
  guard_cluster<protocol::DescribeUserScramCredentials>(service, broker, kDescribe);
  guard_cluster<protocol::DescribeLogDirs>(service, broker, kDescribe);
  guard_cluster<protocol::DescribeQuorum>(service, broker, kDescribe);
  guard_cluster<protocol::ListPartitionReassignments>(service, broker, kDescribe);
  guard_cluster<protocol::AlterPartitionReassignments>(service, broker, kAlter);
  guard_each<protocol::AlterReplicaLogDirs>(service, broker, kAlter, [](const auto& request, auto& response) {
    for (const auto& directory : request.dirs) {
      for (const auto& topic : directory.topics) {
        auto& refused = response.results.emplace_back();
        refused.topic_name = topic.name;
        for (int32_t index : topic.partitions) refused.partitions.push_back({index, code(kClusterRefused)});
      }
    }
  });
  guard_cluster<protocol::ElectLeaders>(service, broker, kAlter);
  guard_cluster<protocol::UpdateFeatures>(service, broker, kAlter);
  guard_cluster<protocol::ListConfigResources>(service, broker, kDescribeConfigs);
  guard_cluster<protocol::DescribeClientQuotas>(service, broker, kDescribeConfigs);
  guard_each<protocol::AlterClientQuotas>(service, broker, kAlterConfigs, [](const auto& request, auto& response) {
    for (const auto& entry : request.entries) {
      auto& refused = response.entries.emplace_back();
      refused.error_code = code(kClusterRefused);
      for (const auto& entity : entry.entity) refused.entity.push_back({entity.entity_type, entity.entity_name});
    }
  });
  guard_each<protocol::AlterUserScramCredentials>(service, broker, kAlter, refuse_credentials);
  using protocol::WriteTxnMarkers;
  guard_whole<WriteTxnMarkers>(
      service,
      [&broker](const Call& call, const auto&) {
        bool may = may_cluster(broker, call, kAlter) || may_cluster(broker, call, kClusterAction);
        return may ? ErrorCode::kNone : kClusterRefused;
      },
      refuse_markers);
  guard_each<protocol::CreateAcls>(service, broker, kAlter, [](const auto& request, auto& response) {
    response.results.resize(request.creations.size());
    for (auto& each : response.results) each.error_code = code(kClusterRefused);
  });
  guard_each<protocol::DeleteAcls>(service, broker, kAlter, [](const auto& request, auto& response) {
    response.filter_results.resize(request.filters.size());
    for (auto& each : response.filter_results) each.error_code = code(kClusterRefused);
  });
}

}  // namespace leat::access
