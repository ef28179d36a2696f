#pragma once
// The handlers of Kafka's requests, a file each. Each registers itself with the service; the broker outlives it.
#include "broker/broker.h"
#include "protocol/error_code.h"

namespace leat::api {

using protocol::ErrorCode;

inline int16_t code(ErrorCode error) {
  return static_cast<int16_t>(error);
}

// What of the disk or the state a client is told of.
inline ErrorCode error_of(const Error& error) {
  switch (error.code) {
    case Errc::kNotFound:
      return ErrorCode::kUnknownTopicOrPartition;
    case Errc::kOutOfRange:
      return ErrorCode::kOffsetOutOfRange;
    case Errc::kInvalidArgument:
      return ErrorCode::kInvalidRequest;
    default:
      return ErrorCode::kKafkaStorageError;
  }
}

void serve_add_offsets_to_txn(Service&, Broker&);
void serve_add_partitions_to_txn(Service&, Broker&);
void serve_alter_client_quotas(Service&, Broker&);
void serve_alter_configs(Service&, Broker&);
void serve_alter_partition_reassignments(Service&, Broker&);
void serve_alter_replica_log_dirs(Service&, Broker&);
void serve_alter_share_group_offsets(Service&, Broker&);
void serve_alter_user_scram_credentials(Service&, Broker&);
void serve_api_versions(Service&, Broker&);
void serve_consumer_group_describe(Service&, Broker&);
void serve_consumer_group_heartbeat(Service&, Broker&);
void serve_create_acls(Service&, Broker&);
void serve_create_partitions(Service&, Broker&);
void serve_create_topics(Service&, Broker&);
void serve_delete_acls(Service&, Broker&);
void serve_delete_groups(Service&, Broker&);
void serve_delete_records(Service&, Broker&);
void serve_delete_share_group_offsets(Service&, Broker&);
void serve_delete_topics(Service&, Broker&);
void serve_describe_client_quotas(Service&, Broker&);
void serve_describe_acls(Service&, Broker&);
void serve_describe_cluster(Service&, Broker&);
void serve_describe_configs(Service&, Broker&);
void serve_describe_groups(Service&, Broker&);
void serve_describe_log_dirs(Service&, Broker&);
void serve_describe_producers(Service&, Broker&);
void serve_describe_quorum(Service&, Broker&);
void serve_describe_share_group_offsets(Service&, Broker&);
void serve_describe_topic_partitions(Service&, Broker&);
void serve_describe_transactions(Service&, Broker&);
void serve_elect_leaders(Service&, Broker&);
void serve_end_txn(Service&, Broker&);
void serve_describe_user_scram_credentials(Service&, Broker&);
void serve_fetch(Service&, Broker&);
void serve_find_coordinator(Service&, Broker&);
void serve_get_telemetry_subscriptions(Service&, Broker&);
void serve_heartbeat(Service&, Broker&);
void serve_incremental_alter_configs(Service&, Broker&);
void serve_init_producer_id(Service&, Broker&);
void serve_join_group(Service&, Broker&);
void serve_leave_group(Service&, Broker&);
void serve_list_config_resources(Service&, Broker&);
void serve_list_groups(Service&, Broker&);
void serve_list_offsets(Service&, Broker&);
void serve_list_partition_reassignments(Service&, Broker&);
void serve_list_transactions(Service&, Broker&);
void serve_metadata(Service&, Broker&);
void serve_offset_commit(Service&, Broker&);
void serve_offset_delete(Service&, Broker&);
void serve_offset_fetch(Service&, Broker&);
void serve_offset_for_leader_epoch(Service&, Broker&);
void serve_produce(Service&, Broker&);
void serve_push_telemetry(Service&, Broker&);
void serve_share_acknowledge(Service&, Broker&);
void serve_share_fetch(Service&, Broker&);
void serve_share_group_describe(Service&, Broker&);
void serve_share_group_heartbeat(Service&, Broker&);
void serve_sasl_authenticate(Service&, Broker&);
void serve_sasl_handshake(Service&, Broker&);
void serve_sync_group(Service&, Broker&);
void serve_txn_offset_commit(Service&, Broker&);
void serve_update_features(Service&, Broker&);
void serve_write_txn_markers(Service&, Broker&);

void serve_all(Service&, Broker&);

}  // namespace leat::api
