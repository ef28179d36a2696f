#pragma once
// What becomes of a group when a member's heartbeat comes (KIP-848, KIP-1082). It decides, and changes nothing but the
// draft.
#include "broker/group/consumer_group_epoch.h"
#include "explain/rebalance.h"
#include "protocol/consumer_group_heartbeat.h"
#include "protocol/error_code.h"

namespace leat {

struct ConsumerRefusal {
  protocol::ErrorCode error = protocol::ErrorCode::kNone;
  std::string message;
  explicit operator bool() const { return error != protocol::ErrorCode::kNone; }
};

// Who the member is to the broker, beside what it says.
struct HeartbeatSender {
  std::string client_id, client_host;
  std::optional<ClassicSide> classic{};  // It sent a JoinGroup, which stands for a heartbeat.
};

// What is wrong with a request, whatever the group is.
ConsumerRefusal check_heartbeat(const protocol::ConsumerGroupHeartbeatRequest&, int16_t version, const GroupSettings&);

class ConsumerHeartbeat {
 public:
  using Request = protocol::ConsumerGroupHeartbeatRequest;

  ConsumerHeartbeat(ConsumerGroupDraft& group, const Request& request, const BrokerState& state,
                    const GroupSettings& settings)
      : group_(group), request_(request), state_(state), settings_(settings) {}

  ConsumerRefusal come(const HeartbeatSender&);  // A member that joins, or is there. Afterwards the draft has it.
  ConsumerRefusal leave();                       // For good, or (kAway) to come back.

  // After it was not refused. A group's new epoch, and why; none: no new one began.
  const std::vector<RebalanceTrigger>& triggers() const { return triggers_; }
  bool answers_with_assignment() const { return answers_with_assignment_; }

 private:
  ConsumerRefusal find(const HeartbeatSender&);  // The member, or its predecessor.
  ConsumerRefusal find_static(const HeartbeatSender&);
  ConsumerRefusal check_epoch(const ConsumerMember&, const PartitionsByTopic* owned) const;
  bool describe_itself(ConsumerMember&, const HeartbeatSender&);
  void trigger(RebalanceCause, const ConsumerMember&);

  ConsumerGroupDraft& group_;
  const Request& request_;
  const BrokerState& state_;
  const GroupSettings& settings_;
  std::vector<RebalanceTrigger> triggers_;
  bool is_new_ = false, replaces_ = false, answers_with_assignment_ = false;
};

// One member's part in a rebalance, as far as the group knows it.
RebalanceTrigger consumer_trigger(RebalanceCause, const ConsumerMember&);

}  // namespace leat
