// A member of a classic group: joins, assigns if it leads, heartbeats, commits, and now and then leaves or falls
// silent.
#include "protocol/all.h"
#include "test/broker_sim/actor.h"

namespace leat::sim {
namespace {

using protocol::ErrorCode;

class Member final : public Actor {
 public:
  using Actor::Actor;

 private:
  enum class At : uint8_t { kOutside, kJoined, kOwns };

  void next() override {
    if (dies()) return forget();
    if (at_ == At::kOutside) return join();
    if (at_ == At::kJoined) return sync();
    if (random_.chance(0.02)) return leave();
    broker_.loop.advance_ms(static_cast<int64_t>(random_.below(300)));
    random_.chance(0.5) ? heartbeat() : commit();
  }
  void in_doubt() override { at_ = At::kOutside; }  // It keeps its id, as clients do.
  void forget() {
    at_ = At::kOutside;
    id_.clear();
  }
  // False: it has to join again.
  bool goes_on(int16_t code) {
    auto error = ErrorCode{code};
    if (error == ErrorCode::kNone) return true;
    at_ = At::kOutside;
    bool is_unknown = error == ErrorCode::kUnknownMemberId || error == ErrorCode::kFencedInstanceId;
    if (is_unknown) id_.clear();
    return false;
  }

  void join() {
    protocol::JoinGroupRequest request;
    request.group_id = kGroup;
    request.session_timeout_ms = 10'000;
    request.rebalance_timeout_ms = 20'000;
    request.member_id = id_;
    request.protocol_type = "consumer";
    request.protocols.push_back({"range", "t"});
    ask<protocol::JoinGroup>(request, 5, [this](const auto& response) {
      if (ErrorCode{response.error_code} == ErrorCode::kMemberIdRequired) {
        id_ = response.member_id;
        return;
      }
      if (!goes_on(response.error_code)) return;
      at_ = At::kJoined;
      id_ = response.member_id;
      generation_ = response.generation_id;
      followers_.clear();
      for (const auto& member : response.members) followers_.push_back(member.member_id);
    });
  }
  // The leader gives each partition to one member; an assignment is a list of digits.
  void sync() {
    protocol::SyncGroupRequest request;
    request.group_id = kGroup;
    request.generation_id = generation_;
    request.member_id = id_;
    std::vector<Bytes> assignments(followers_.size());
    for (int32_t partition = 0; partition < kPartitions && !followers_.empty(); ++partition) {
      assignments[static_cast<size_t>(partition) % followers_.size()] += std::to_string(partition);
    }
    for (size_t i = 0; i < followers_.size(); ++i) request.assignments.push_back({followers_[i], assignments[i]});
    ask<protocol::SyncGroup>(request, 3, [this](const auto& response) {
      if (!goes_on(response.error_code)) return;
      at_ = At::kOwns;
      history_.newest_generation = std::max(history_.newest_generation, generation_);
      history_.owners[generation_][id_] = std::string(response.assignment);
    });
  }
  void heartbeat() {
    protocol::HeartbeatRequest request;
    request.group_id = kGroup;
    request.generation_id = generation_;
    request.member_id = id_;
    ask<protocol::Heartbeat>(request, 3, [this](const auto& response) { goes_on(response.error_code); });
  }
  void commit() {
    int32_t newest = history_.newest_generation;
    ask<protocol::OffsetCommit>(member_commit(kGroup, id_, generation_), 7, [this, newest](const auto& response) {
      int16_t error = response.topics[0].partitions[0].error_code;
      if (error == 0 && generation_ < newest) {
        history_.broken = "a commit of generation " + std::to_string(generation_) + " was taken in generation " +
                          std::to_string(newest);
      }
      goes_on(error);
    });
  }
  void leave() {
    protocol::LeaveGroupRequest request;
    request.group_id = kGroup;
    request.members.push_back({id_, std::nullopt, std::nullopt});
    ask<protocol::LeaveGroup>(request, 4, [](const auto&) {});
    forget();
  }

  static constexpr const char* kGroup = "members";
  At at_ = At::kOutside;
  std::string id_;
  int32_t generation_ = -1;
  std::vector<std::string> followers_;  // Of the leader; else empty.
};

}  // namespace

std::unique_ptr<Actor> make_member(TestBroker& broker, History& history, SimRandom& random) {
  return std::make_unique<Member>(broker, history, random);
}

}  // namespace leat::sim
