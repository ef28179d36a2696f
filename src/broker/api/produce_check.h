#pragma once
#include <optional>
#include <span>
#include <string>

#include "broker/broker.h"
#include "protocol/error_code.h"

namespace leat::api {

// Whether a batch may be appended to a partition.
struct BatchCheck {
  protocol::ErrorCode error = protocol::ErrorCode::kNone;
  std::string message;
  std::optional<ProducerState::Batch> duplicate;  // It is there already; nothing is to be written.
  int64_t append_time_ms = -1;                    // With LogAppendTime: what was put into the batch.
};

// One batch is expected. With LogAppendTime the batch is given the broker's time.
BatchCheck check_batch(Broker&, const TopicInfo&, Partition&, std::span<char> bytes, int16_t version);

}  // namespace leat::api
