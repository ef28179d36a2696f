#include "explain/rebalance.h"

#include <algorithm>
#include <iterator>
#include <utility>

namespace leat {
namespace {

constexpr std::pair<RebalanceCause, const char*> kNames[] = {
    {RebalanceCause::kNewMember, "new_member"},
    {RebalanceCause::kStaticMemberChanged, "static_member_changed"},
    {RebalanceCause::kLeft, "left"},
    {RebalanceCause::kRemovedByAdmin, "removed_by_admin"},
    {RebalanceCause::kSessionExpired, "session_expired"},
    {RebalanceCause::kRebalanceTimeout, "rebalance_timeout"},
    {RebalanceCause::kSyncTimeout, "sync_timeout"},
    {RebalanceCause::kSubscriptionChanged, "subscription_changed"},
    {RebalanceCause::kLeaderRejoined, "leader_rejoined"},
    {RebalanceCause::kJoinedAgain, "joined_again"},
    {RebalanceCause::kInstanceReplaced, "instance_replaced"},
    {RebalanceCause::kTopicsChanged, "topics_changed"},
    {RebalanceCause::kAssignorChanged, "assignor_changed"},
    {RebalanceCause::kMemberFenced, "member_fenced"},
};

}  // namespace

std::string to_string(RebalanceCause cause) {
  auto found =
      std::find_if(std::begin(kNames), std::end(kNames), [&](const auto& each) { return each.first == cause; });
  return found == std::end(kNames) ? "" : found->second;
}

std::optional<RebalanceCause> parse_rebalance_cause(const std::string& name) {
  auto found =
      std::find_if(std::begin(kNames), std::end(kNames), [&](const auto& each) { return each.second == name; });
  return found == std::end(kNames) ? std::nullopt : std::optional(found->first);
}

}  // namespace leat
