#pragma once
#include "log/record_batch_builder.h"
#include "protocol/all.h"
#include "test/broker_sim/history.h"

namespace leat::sim {

inline Bytes batch_of(const std::string& value, const BatchStamp& stamp) {
  RecordBatchBuilder builder;
  builder.add(WallTime{1'700'000'000'000}, std::nullopt, BytesView(value));
  std::span<char> bytes = builder.finish(stamp);
  return Bytes(bytes.data(), bytes.size());
}

// `batch` outlives the request.
inline protocol::ProduceRequest produce_request(int32_t partition, const Bytes& batch) {
  protocol::ProduceRequest request;
  request.acks = -1;
  request.topic_data.push_back({kTopic, {}, {{partition, Records{batch, {}}}}});
  return request;
}

}  // namespace leat::sim
