#pragma once
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "broker/broker.h"
#include "protocol/error_code.h"

namespace leat::api {

// Whether a batch may be appended to a partition.
struct BatchCheck {
  protocol::ErrorCode error = protocol::ErrorCode::kNone;
  std::string message;
  std::vector<int32_t> bad_records;               // The batch is refused because of these, by their index in it.
  std::optional<ProducerState::Batch> duplicate;  // It is there already; nothing is to be written.
  std::optional<ProducerIdentity> transactional;  // It belongs to a transaction of this producer.
  int64_t append_time_ms = -1;                    // With LogAppendTime: what was put into the batch.
};

// One batch is expected. With LogAppendTime the batch is given the broker's time.
BatchCheck check_batch(Broker&, Partition&, std::span<char> bytes, int16_t version);

}  // namespace leat::api
