#include "broker/access/guard.h"
#include "broker/api/api.h"
#include "broker/quota/client_quotas.h"

namespace leat::api {

void serve_all(Service& service, Broker& broker) {
  service.set_throttle(
      [&broker](Client& client, const RequestCost& cost) { return broker.quotas().charge(client, cost); });
  for (auto serve : {serve_add_offsets_to_txn,
                     serve_add_partitions_to_txn,
                     serve_alter_client_quotas,
                     serve_alter_configs,
                     serve_alter_partition_reassignments,
                     serve_alter_replica_log_dirs,
                     serve_alter_share_group_offsets,
                     serve_alter_user_scram_credentials,
                     serve_api_versions,
                     serve_consumer_group_describe,
                     serve_consumer_group_heartbeat,
                     serve_create_acls,
                     serve_create_partitions,
                     serve_create_topics,
                     serve_delete_acls,
                     serve_delete_groups,
                     serve_delete_records,
                     serve_delete_share_group_offsets,
                     serve_delete_topics,
                     serve_describe_client_quotas,
                     serve_describe_acls,
                     serve_describe_cluster,
                     serve_describe_configs,
                     serve_describe_groups,
                     serve_describe_log_dirs,
                     serve_describe_producers,
                     serve_describe_quorum,
                     serve_describe_share_group_offsets,
                     serve_describe_topic_partitions,
                     serve_describe_transactions,
                     serve_describe_user_scram_credentials,
                     serve_elect_leaders,
                     serve_end_txn,
                     serve_fetch,
                     serve_find_coordinator,
                     serve_get_telemetry_subscriptions,
                     serve_heartbeat,
                     serve_incremental_alter_configs,
                     serve_init_producer_id,
                     serve_join_group,
                     serve_leave_group,
                     serve_list_config_resources,
                     serve_list_groups,
                     serve_list_offsets,
                     serve_list_partition_reassignments,
                     serve_list_transactions,
                     serve_metadata,
                     serve_offset_commit,
                     serve_offset_delete,
                     serve_offset_fetch,
                     serve_offset_for_leader_epoch,
                     serve_produce,
                     serve_push_telemetry,
                     serve_sasl_authenticate,
                     serve_sasl_handshake,
                     serve_share_acknowledge,
                     serve_share_fetch,
                     serve_share_group_describe,
                     serve_share_group_heartbeat,
                     serve_sync_group,
                     serve_txn_offset_commit,
                     serve_update_features,
                     serve_write_txn_markers}) {
    serve(service, broker);
  }
  access::guard_all(service, broker);
}

}  // namespace leat::api
