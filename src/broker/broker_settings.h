#pragma once
#include "broker/group/group_settings.h"
#include "env/loop.h"

namespace leat {

// What a broker is told, by Kafka's names where Kafka has the thing.
struct BrokerSettings {
  Endpoint advertised;                               // advertised.listeners: where clients are sent.
  int32_t node_id = 1;                               // node.id
  int32_t num_partitions = 1;                        // num.partitions
  bool auto_create_topics = true;                    // auto.create.topics.enable
  int64_t request_bytes_max = 100 << 20;             // socket.request.max.bytes
  int64_t fetch_bytes_max = 55 << 20;                // fetch.max.bytes
  int32_t offset_metadata_bytes_max = 4096;          // offset.metadata.max.bytes
  int64_t transaction_max_timeout_ms = 15 * 60'000;  // transaction.max.timeout.ms
  bool durable = true;                               // False: nothing is synced; for tests.
  GroupSettings group;
};

}  // namespace leat
