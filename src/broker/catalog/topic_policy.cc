#include "broker/catalog/topic_policy.h"

namespace leat {

TopicPolicy TopicPolicy::of(const EffectiveConfigs& configs) {
  TopicPolicy out;
  out.batch_bytes_max = static_cast<size_t>(configs.number("max.message.bytes"));
  out.timestamp_ahead_max_ms = configs.number("message.timestamp.after.max.ms");
  out.timestamp_behind_max_ms = configs.number("message.timestamp.before.max.ms");
  out.append_time = configs.text("message.timestamp.type") == "LogAppendTime";
  out.compacts = configs.has("cleanup.policy", "compact");
  out.deletes = configs.has("cleanup.policy", "delete");
  out.limits.segment_ms = configs.number("segment.ms");
  out.limits.delete_delay_ms = configs.number("file.delete.delay.ms");
  out.limits.compacts = out.compacts;
  out.limits.min_dirty_ratio = configs.fraction("min.cleanable.dirty.ratio");
  out.limits.min_compaction_lag_ms = configs.number("min.compaction.lag.ms");
  out.limits.max_compaction_lag_ms = configs.number("max.compaction.lag.ms");
  out.limits.delete_retention_ms = configs.number("delete.retention.ms");
  out.limits.segment_bytes = static_cast<uint64_t>(configs.number("segment.bytes"));
  if (out.deletes) out.limits.retention_ms = configs.number("retention.ms");
  if (out.deletes) out.limits.retention_bytes = configs.number("retention.bytes");
  return out;
}

}  // namespace leat
