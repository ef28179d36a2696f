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

void serve_api_versions(Service&, Broker&);
void serve_create_partitions(Service&, Broker&);
void serve_create_topics(Service&, Broker&);
void serve_delete_groups(Service&, Broker&);
void serve_delete_topics(Service&, Broker&);
void serve_describe_cluster(Service&, Broker&);
void serve_describe_configs(Service&, Broker&);
void serve_describe_groups(Service&, Broker&);
void serve_fetch(Service&, Broker&);
void serve_find_coordinator(Service&, Broker&);
void serve_heartbeat(Service&, Broker&);
void serve_init_producer_id(Service&, Broker&);
void serve_join_group(Service&, Broker&);
void serve_leave_group(Service&, Broker&);
void serve_list_groups(Service&, Broker&);
void serve_list_offsets(Service&, Broker&);
void serve_metadata(Service&, Broker&);
void serve_offset_commit(Service&, Broker&);
void serve_offset_fetch(Service&, Broker&);
void serve_produce(Service&, Broker&);
void serve_sync_group(Service&, Broker&);

void serve_all(Service&, Broker&);

}  // namespace leat::api
