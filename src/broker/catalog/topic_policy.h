#pragma once
// TopicPolicy: the settings of a topic as a partition uses them: looked up once, not at each batch.
#include "broker/catalog/config_layers.h"
#include "log/log_options.h"

namespace leat {

struct TopicPolicy {
  size_t batch_bytes_max = 0;             // max.message.bytes
  int64_t timestamp_ahead_max_ms = 0;     // message.timestamp.after.max.ms
  int64_t timestamp_behind_max_ms = 0;    // message.timestamp.before.max.ms
  bool append_time = false;               // message.timestamp.type is LogAppendTime.
  bool compacts = false, deletes = true;  // cleanup.policy
  LogLimits limits;

  static TopicPolicy of(const EffectiveConfigs&);
};

}  // namespace leat
