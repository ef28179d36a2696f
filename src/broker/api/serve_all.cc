#include "broker/api/api.h"

namespace leat::api {

void serve_all(Service& service, Broker& broker) {
  for (auto serve : {serve_api_versions,  serve_create_partitions, serve_create_topics,    serve_delete_groups,
                     serve_delete_topics, serve_describe_cluster,  serve_describe_configs, serve_describe_groups,
                     serve_fetch,         serve_find_coordinator,  serve_heartbeat,        serve_init_producer_id,
                     serve_join_group,    serve_leave_group,       serve_list_groups,      serve_list_offsets,
                     serve_metadata,      serve_offset_commit,     serve_offset_fetch,     serve_produce,
                     serve_sync_group}) {
    serve(service, broker);
  }
}

}  // namespace leat::api
