#include "broker/fetch/fetch_session.h"

namespace leat {

FetchSession::Key FetchSession::key_of(const std::string& topic, const Uuid& id, int32_t partition) const {
  return {by_id_ ? std::string(reinterpret_cast<const char*>(id.bytes.data()), id.bytes.size()) : topic, partition};
}

void FetchSession::update(const Request& request) {
  for (const auto& topic : request.topics) {
    for (const auto& asked : topic.partitions) {
      auto [place, fresh] = places_.try_emplace(key_of(topic.topic, topic.topic_id, asked.partition), items_.end());
      if (fresh) place->second = items_.insert(items_.end(), Item{topic.topic, topic.topic_id, asked});
      place->second->asked = asked;
    }
  }
  for (const auto& topic : request.forgotten_topics_data) {
    for (int32_t partition : topic.partitions) {
      auto place = places_.find(key_of(topic.topic, topic.topic_id, partition));
      if (place == places_.end()) continue;
      items_.erase(place->second);
      places_.erase(place);
    }
  }
}

void FetchSession::put_into(Request& request) const {
  request.topics.clear();
  for (const Item& item : items_) {
    bool same = !request.topics.empty() && request.topics.back().topic == item.topic &&
                request.topics.back().topic_id == item.topic_id;
    if (!same) request.topics.push_back({item.topic, item.topic_id, {}});
    request.topics.back().partitions.push_back(item.asked);
  }
}

// Whether the client must be told.
bool FetchSession::note(const Key& key, const Response::Response::Partition& result) {
  auto place = places_.find(key);
  if (place == places_.end()) return true;
  auto item = place->second;
  bool has_records = result.records && result.records->size() > 0;
  bool changed = has_records || result.error_code != 0 || result.diverging_epoch.epoch >= 0 ||
                 item->high_watermark != result.high_watermark || item->log_start != result.log_start_offset;
  // After an error the client is told when all is well again.
  item->high_watermark = result.error_code != 0 ? -1 : result.high_watermark;
  item->log_start = result.log_start_offset;
  if (has_records) items_.splice(items_.end(), items_, item);
  return changed;
}

void FetchSession::note(Response& response, bool only_changes) {
  for (auto& topic : response.responses) {
    std::erase_if(topic.partitions, [&](const auto& result) {
      return !note(key_of(topic.topic, topic.topic_id, result.partition_index), result) && only_changes;
    });
  }
  if (only_changes) std::erase_if(response.responses, [](const auto& topic) { return topic.partitions.empty(); });
}

}  // namespace leat
