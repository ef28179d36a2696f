#pragma once
#include "broker/access/security_settings.h"
#include "broker/catalog/setting.h"
#include "broker/group/group_settings.h"
#include "env/loop.h"

namespace leat {

// What a broker is told. Each member has a row in catalog/broker_setting_table.cc, with its name in Kafka; its default
// stands here. What has no member is read through Broker::configs().
struct BrokerSettings {
  Endpoint advertised;                                      // Where clients are sent.
  int32_t node_id = 1;                                      // node.id
  int32_t num_partitions = 1;                               // num.partitions
  bool auto_create_topics = true;                           // auto.create.topics.enable
  bool delete_topics = true;                                // delete.topic.enable
  int64_t request_bytes_max = 100 << 20;                    // socket.request.max.bytes
  int64_t connections_max = INT32_MAX;                      // max.connections
  int64_t connections_per_host_max = INT32_MAX;             // max.connections.per.ip
  std::vector<std::string> connections_per_host_overrides;  // max.connections.per.ip.overrides: "ADDRESS:COUNT"
  int64_t connection_rate_max = INT32_MAX;                  // max.connection.creation.rate, a second
  int64_t connections_idle_ms_max = 10 * 60'000;            // connections.max.idle.ms; negative: for ever
  int64_t fetch_bytes_max = 55 << 20;                       // fetch.max.bytes
  int32_t fetch_sessions_max = 1000;                        // max.incremental.fetch.session.cache.slots
  int32_t described_partitions_max = 2000;                  // max.request.partition.size.limit
  int32_t offset_metadata_bytes_max = 4096;                 // offset.metadata.max.bytes
  int64_t offsets_retention_minutes = 7 * 24 * 60;          // offsets.retention.minutes
  int64_t offsets_check_interval_ms = 10 * 60'000;          // offsets.retention.check.interval.ms
  int64_t producer_expiration_ms = 24 * 3'600'000;          // producer.id.expiration.ms
  int64_t producer_check_interval_ms = 10 * 60'000;         // producer.id.expiration.check.interval.ms
  int64_t transaction_max_timeout_ms = 15 * 60'000;         // transaction.max.timeout.ms
  int64_t transaction_check_interval_ms = 10'000;  // transaction.abort.timed.out.transaction.cleanup.interval.ms
  int64_t transactional_id_expiration_ms = 7LL * 24 * 60 * 60'000;  // transactional.id.expiration.ms
  int64_t house_delay_ms = 30'000;                                  // log.initial.task.delay.ms
  int64_t retention_check_interval_ms = 5 * 60'000;                 // log.retention.check.interval.ms
  bool cleaner_enabled = true;                                      // log.cleaner.enable
  int64_t cleaner_backoff_ms = 15'000;                              // log.cleaner.backoff.ms
  int64_t cleaner_memory_bytes = 128 << 20;                         // log.cleaner.dedupe.buffer.size
  int64_t quota_windows = 11;                                       // quota.window.num
  int64_t quota_window_s = 1;                                       // quota.window.size.seconds
  int64_t mutation_quota_windows = 11;                              // controller.quota.window.num
  int64_t mutation_quota_window_s = 1;                              // controller.quota.window.size.seconds
  bool durable = true;                                              // False: nothing is synced; for tests.
  uint64_t recovery_point_bytes = 64 << 20;                         // LogOptions'.
  GroupSettings group;
  SetValues given;  // What was set by name when the broker was started: set_broker_setting().
  SecuritySettings security;
};

}  // namespace leat
