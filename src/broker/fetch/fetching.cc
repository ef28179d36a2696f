#include "broker/fetch/fetching.h"

#include <algorithm>

#include "broker/api/api.h"

namespace leat {
namespace {

using protocol::ErrorCode;

constexpr int8_t kReadCommitted = 1;
constexpr int16_t kTopicsById = 13;

}  // namespace

void Fetching::run() {
  PartitionReader reader(broker_, request_.isolation_level == kReadCommitted);
  Found found;
  collect(reader, found);
  if (is_enough(found) || request_.max_wait_ms <= 0 || request_.topics.empty()) return answer_(found.response);
  for (const auto& topic : request_.topics) {
    for (const auto& asked : topic.partitions) watch(topic, asked);
  }
  timer_ = broker_.loop().after(request_.max_wait_ms, [self = shared_from_this()] { self->finish(); });
}

const TopicInfo* Fetching::find(const Request::Topic& topic) const {
  return version_ >= kTopicsById ? broker_.state().topic(topic.topic_id) : broker_.state().topic(topic.topic);
}

bool Fetching::is_enough(const Found& found) const {
  return found.urgent || found.bytes >= static_cast<uint64_t>(std::max(request_.min_bytes, 0));
}

void Fetching::collect(PartitionReader& reader, Found& found) {
  auto left = static_cast<uint64_t>(std::clamp<int64_t>(request_.max_bytes, 0, broker_.settings().fetch_bytes_max));
  ErrorCode unknown = version_ >= kTopicsById ? ErrorCode::kUnknownTopicId : ErrorCode::kUnknownTopicOrPartition;
  for (const auto& topic : request_.topics) {
    auto& out = found.response.responses.emplace_back();
    out.topic = topic.topic;
    out.topic_id = topic.topic_id;
    const TopicInfo* info = find(topic);
    for (const auto& asked : topic.partitions) {
      auto& result = out.partitions.emplace_back();
      result.partition_index = asked.partition;
      result.high_watermark = -1;
      result.records.emplace();
      ErrorCode error = info == nullptr ? unknown : reader.read(*info, asked, found.bytes == 0, left, result);
      result.error_code = api::code(error);
      found.urgent |= error != ErrorCode::kNone || result.diverging_epoch.epoch >= 0;
      uint64_t size = result.records->size();
      found.bytes += size;
      left -= std::min(left, size);
    }
  }
}

void Fetching::watch(const Request::Topic& topic, const PartitionReader::Asked& asked) {
  const TopicInfo* info = find(topic);
  if (info == nullptr) return;
  auto partition = broker_.partition(info->name, asked.partition);
  if (!partition || *partition == nullptr) return;
  uint64_t id = (*partition)->watch([weak = weak_from_this()] {
    if (auto self = weak.lock()) self->something_came();
  });
  watched_.emplace_back(*partition, id);
}

void Fetching::unwatch() {
  for (auto& [partition, id] : watched_) partition->unwatch(id);
  watched_.clear();
}

void Fetching::something_came() {
  if (answered_) return;
  PartitionReader reader(broker_, request_.isolation_level == kReadCommitted);
  Found found;
  collect(reader, found);
  if (is_enough(found)) finish();
}

void Fetching::finish() {
  if (answered_) return;
  answered_ = true;
  unwatch();
  auto self = shared_from_this();  // The timer may be the last that knows this.
  timer_.reset();
  PartitionReader reader(broker_, request_.isolation_level == kReadCommitted);
  Found found;
  collect(reader, found);
  answer_(found.response);
}

}  // namespace leat
