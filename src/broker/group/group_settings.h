#pragma once
#include <cstdint>

namespace leat {

// Kafka's broker settings of groups, with its defaults.
struct GroupSettings {
  int64_t min_session_timeout_ms = 6'000;           // group.min.session.timeout.ms
  int64_t max_session_timeout_ms = 30 * 60 * 1000;  // group.max.session.timeout.ms
  int64_t initial_rebalance_delay_ms = 3'000;       // group.initial.rebalance.delay.ms
  int64_t new_member_timeout_ms = 5 * 60 * 1000;    // A member of an old client that joins and does not come back.
  int32_t max_size = INT32_MAX;                     // group.max.size
};

}  // namespace leat
