// A member of a share group (KIP-932): it is given records, accepts most of them, gives some back, and now and then
// loses its connection. A record is with one member at a time, and what was accepted never comes again.
#include "protocol/all.h"
#include "test/broker_sim/actor.h"
#include "test/broker_sim/fetched.h"

namespace leat::sim {
namespace {

using protocol::ErrorCode;
using Place = std::pair<int32_t, int64_t>;  // Partition and offset.

constexpr int64_t kLockNs = 30'000 * kNsPerMs;  // group.share.record.lock.duration.ms
constexpr int8_t kGap = 0, kAccept = 1, kRelease = 2;

class Sharer final : public Actor {
 public:
  Sharer(TestBroker& broker, History& history, SimRandom& random)
      : Actor(broker, history, random), id_("sharer-" + std::to_string(random.next())) {}

 private:
  void next() override {
    if (assigned_.empty() || random_.chance(0.2)) return heartbeat();
    !held_.empty() && random_.chance(0.7) ? acknowledge() : fetch();
  }
  void disconnected() override { end_session(); }
  // The broker gives to others what it holds, and what it has not spoken of any more.
  void end_session() {
    for (auto& [place, record] : history_.shared) {
      if (record.holder == id_) record.holder.clear();
    }
    held_.clear();
    session_ = 0;
  }

  void heartbeat() {
    protocol::ShareGroupHeartbeatRequest request;
    request.group_id = kShareGroup;
    request.member_id = id_;
    request.member_epoch = epoch_;
    request.subscribed_topic_names.emplace().push_back(kTopic);
    ask<protocol::ShareGroupHeartbeat>(request, 1, [this](const auto& response) {
      epoch_ = response.error_code == 0 ? response.member_epoch : 0;
      if (!response.assignment) return;
      assigned_.clear();
      for (const auto& topic : response.assignment->topic_partitions) {
        topic_ = topic.topic_id;
        assigned_.insert(topic.partitions.begin(), topic.partitions.end());
      }
    });
  }

  void fetch() {
    protocol::ShareFetchRequest request;
    request.group_id = kShareGroup;
    request.member_id = id_;
    request.share_session_epoch = session_;
    request.max_wait_ms = static_cast<int32_t>(random_.below(20));
    request.max_bytes = 1 << 20;
    request.max_records = 1 + static_cast<int32_t>(random_.below(20));
    auto& topic = request.topics.emplace_back();
    topic.topic_id = topic_;
    for (int32_t partition : assigned_) topic.partitions.push_back({partition, {}});
    int64_t sent = now_ns();
    ask<protocol::ShareFetch>(request, 1, [this, sent](const auto& response) {
      if (response.error_code != 0) return end_session();
      ++session_;
      if (now_ns() >= sent + kLockNs) return;  // Others may have them by now.
      for (const auto& each : response.responses) {
        for (const auto& partition : each.partitions) take(partition, sent);
      }
    });
  }
  void take(const protocol::ShareFetchResponse::Response::Partition& partition, int64_t sent) {
    std::vector<Seen> records;
    protocol::FetchResponse::Response::Partition as_fetched;
    as_fetched.records = partition.records;
    int64_t from = 0;
    take_fetched(as_fetched, false, from, records);
    std::map<int64_t, std::string> values;
    for (Seen& seen : records) values[seen.offset] = std::move(seen.value);
    for (const auto& range : partition.acquired_records) {
      for (int64_t offset = range.first_offset; offset <= range.last_offset; ++offset) {
        receive({partition.partition_index, offset}, values, range.delivery_count, sent);
      }
    }
  }
  void receive(const Place& place, const std::map<int64_t, std::string>& values, int16_t deliveries, int64_t sent) {
    SharedRecord& record = history_.shared[place];
    std::string where = "offset " + std::to_string(place.second) + " of partition " + std::to_string(place.first);
    if (record.settled) history_.broken = where + " was accepted, and is given to a share group again";
    if (!record.holder.empty() && record.holder != id_ && now_ns() < record.held_until_ns) {
      history_.broken = where + " was given to " + id_ + " while " + record.holder + " has it";
    }
    auto value = values.find(place.second);
    record.is_gap = value == values.end();
    if (!record.is_gap) record.value = value->second;
    record.deliveries = deliveries;
    record.in_doubt = false;
    record.holder = id_;
    record.held_until_ns = sent + kLockNs;
    held_.insert(place);
  }

  void acknowledge() {
    protocol::ShareAcknowledgeRequest request;
    request.group_id = kShareGroup;
    request.member_id = id_;
    request.share_session_epoch = session_;
    std::map<Place, int8_t> types;
    std::map<int32_t, protocol::ShareAcknowledgeRequest::Topic::Partition> partitions;
    for (const Place& place : held_) {
      SharedRecord& record = history_.shared[place];
      if (random_.chance(0.05)) continue;  // Its lock ends by itself.
      int8_t type = record.is_gap ? kGap : random_.chance(0.9) ? kAccept : kRelease;
      types[place] = type;
      record.in_doubt |= type != kRelease;
      if (record.holder == id_) record.holder.clear();  // Else its lock has ended, and this is too late.
      auto& partition = partitions[place.first];
      partition.partition_index = place.first;
      partition.acknowledgement_batches.push_back({place.second, place.second, {type}});
    }
    held_.clear();
    if (types.empty()) return;
    auto& topic = request.topics.emplace_back();
    topic.topic_id = topic_;
    for (auto& [index, partition] : partitions) topic.partitions.push_back(std::move(partition));
    ask<protocol::ShareAcknowledge>(request, 1, [this, types](const auto& response) {
      if (response.error_code != 0) return end_session();
      ++session_;
      for (const auto& each : response.responses) {
        for (const auto& partition : each.partitions) {
          if (partition.error_code == 0) settle(partition.partition_index, types);
        }
      }
    });
  }
  void settle(int32_t partition, const std::map<Place, int8_t>& types) {
    for (const auto& [place, type] : types) {
      if (place.first == partition && type != kRelease) history_.shared[place].settled = true;
    }
  }

  std::string id_;
  int32_t epoch_ = 0, session_ = 0;
  Uuid topic_;
  std::set<int32_t> assigned_;
  std::set<Place> held_;
};

}  // namespace

std::unique_ptr<Actor> make_sharer(TestBroker& broker, History& history, SimRandom& random) {
  return std::make_unique<Sharer>(broker, history, random);
}

}  // namespace leat::sim
