#pragma once
#include <cstdint>
#include <string>
#include <vector>

namespace leat {

// Kafka's broker settings of groups, with its defaults.
struct GroupSettings {
  int64_t min_session_timeout_ms = 6'000;           // group.min.session.timeout.ms
  int64_t max_session_timeout_ms = 30 * 60 * 1000;  // group.max.session.timeout.ms
  int64_t initial_rebalance_delay_ms = 3'000;       // group.initial.rebalance.delay.ms
  int64_t new_member_timeout_ms = 5 * 60 * 1000;    // A member of an old client that joins and does not come back.
  int32_t max_size = INT32_MAX;                     // group.max.size

  // Of groups in which the broker assigns (KIP-848): group.consumer.*
  int64_t consumer_session_timeout_ms = 45'000;      // session.timeout.ms
  int64_t consumer_min_session_timeout_ms = 45'000;  // min.session.timeout.ms: limits of what a group may have set.
  int64_t consumer_max_session_timeout_ms = 60'000;
  int32_t consumer_heartbeat_interval_ms = 5'000;  // heartbeat.interval.ms: members are told it.
  int32_t consumer_min_heartbeat_interval_ms = 5'000;
  int32_t consumer_max_heartbeat_interval_ms = 15'000;
  int32_t consumer_max_size = INT32_MAX;                               // max.size
  std::vector<std::string> consumer_assignors = {"uniform", "range"};  // assignors: the first is the default.
  std::string consumer_migration_policy = "bidirectional";             // migration.policy

  // Of share groups (KIP-932): group.share.*. What a group may have set itself is among the group's settings.
  int32_t share_max_size = 200;        // max.size
  int32_t share_max_sessions = 2'000;  // max.share.sessions
};

}  // namespace leat
