// A member of a group in which the broker assigns (KIP-848): it says what it owns, gives up what it is told to, and now
// and then leaves, falls silent or is killed. While the broker has to take it for alive, nobody else may be given what
// it owns.
#include "protocol/all.h"
#include "test/broker_sim/actor.h"

namespace leat::sim {
namespace {

using protocol::ErrorCode;
using Request = protocol::ConsumerGroupHeartbeatRequest;
using Response = protocol::ConsumerGroupHeartbeatResponse;

constexpr int64_t kSessionNs = 45'000 * kNsPerMs;  // group.consumer.session.timeout.ms
constexpr int32_t kRebalanceTimeoutMs = 60'000;    // Longer, so that nothing but the session ends what it owns.

class AssignedMember final : public Actor {
 public:
  using Actor::Actor;

 private:
  void next() override {
    if (dies()) return forget();
    if (epoch_ > 0 && random_.chance(0.02)) return leave();
    broker_.loop.advance_ms(static_cast<int64_t>(random_.below(300)));
    epoch_ > 0 && random_.chance(0.2) ? commit() : heartbeat();
  }
  void in_doubt() override { says_all_ = true; }
  void forget() {
    history_.assigned.erase(id_);
    id_.clear();
    epoch_ = 0;
  }
  Ownership& mine() { return history_.assigned[id_]; }

  void heartbeat() {
    if (id_.empty()) id_ = "member-" + std::to_string(random_.next());
    Request request;
    request.group_id = kGroup;
    request.member_id = id_;
    request.member_epoch = epoch_;
    if (epoch_ == 0 || says_all_) {
      request.rebalance_timeout_ms = kRebalanceTimeoutMs;
      request.subscribed_topic_names.emplace().push_back(kTopic);
    }
    bool says_owned = epoch_ == 0 || says_all_ || changed_;
    if (says_owned) request.topic_partitions = owned();
    int64_t sent = now_ns();
    ask<protocol::ConsumerGroupHeartbeat>(request, 1, [this, sent](const Response& response) {
      auto error = ErrorCode{response.error_code};
      if (error == ErrorCode::kFencedMemberEpoch || error == ErrorCode::kUnknownMemberId) forget();
      if (error != ErrorCode::kNone) return;
      if (response.member_epoch < epoch_) history_.broken = "the epoch of a member went back";
      says_all_ = changed_ = false;
      epoch_ = response.member_epoch;
      mine().until_ns = sent + kSessionNs;
      if (response.assignment) take(*response.assignment);
    });
  }
  std::vector<Request::TopicPartition> owned() {
    const std::set<int32_t>& partitions = mine().partitions;
    if (partitions.empty()) return {};
    const TopicInfo* topic = broker_.broker->state().topic(kTopic);
    return {{topic->id, {partitions.begin(), partitions.end()}}};
  }
  void take(const Response::Assignment& assignment) {
    std::set<int32_t> given;
    for (const auto& topic : assignment.topic_partitions)
      given.insert(topic.partitions.begin(), topic.partitions.end());
    int64_t now = now_ns();
    bool is_late = mine().until_ns < now;  // It was paused, and the answer is of a member that may be no more.
    for (const auto& [other, owns] : history_.assigned) {
      if (is_late || other == id_ || owns.until_ns < now) continue;
      for (int32_t partition : given) {
        if (!owns.partitions.contains(partition)) continue;
        history_.broken =
            "partition " + std::to_string(partition) + " was given to " + id_ + " while " + other + " owns it";
      }
    }
    changed_ |= std::exchange(mine().partitions, given) != given;
  }
  void commit() {
    ask<protocol::OffsetCommit>(member_commit(kGroup, id_, epoch_), 9, [](const auto&) {});
  }
  void leave() {
    Request request;
    request.group_id = kGroup;
    request.member_id = id_;
    request.member_epoch = -1;
    ask<protocol::ConsumerGroupHeartbeat>(request, 1, [](const Response&) {});
    forget();
  }

  static constexpr const char* kGroup = "assigned";
  std::string id_;
  int32_t epoch_ = 0;
  bool says_all_ = false, changed_ = false;
};

}  // namespace

std::unique_ptr<Actor> make_assigned_member(TestBroker& broker, History& history, SimRandom& random) {
  return std::make_unique<AssignedMember>(broker, history, random);
}

}  // namespace leat::sim
