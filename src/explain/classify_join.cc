// Why a member joined, or joined again.
#include <algorithm>

#include "explain/classify.h"
#include "explain/words.h"

namespace leat {
namespace {

constexpr int64_t kAfterStartMs = 60'000;  // So soon after a start of the coordinator, that is why.

std::vector<std::string> minus(const std::vector<std::string>& all, const std::vector<std::string>& without) {
  std::vector<std::string> out;
  for (const std::string& each : all) {
    if (std::find(without.begin(), without.end(), each) == without.end()) out.push_back(each);
  }
  return out;
}

template <class T>
bool has(const std::vector<T>& all, const T& one) {
  return std::find(all.begin(), all.end(), one) != all.end();
}

std::string by_text(const TopicChange& change) {
  return change.by.empty() ? std::string() : " (asked for by client '" + client_text(change.by) + "')";
}

// The change is why the member rejoined.
void name_change(const TopicChange& change, WallTime rejoined, Incident& incident) {
  incident.confidence = Confidence::kObserved;
  incident.topics = {change.topic};
  std::string ago = seconds_text(std::max<int64_t>(0, rejoined.value - change.at.value));
  std::string name = "Topic '" + client_text(change.topic) + "' was ";
  if (change.from == 0) {
    incident.cause = Cause::kTopicCreated;
    say(incident, name + "created with " + plural(change.to, "partition") + by_text(change) + "; " + ago +
                      " later the member rejoined for it.");
  } else if (change.to == 0) {
    incident.cause = Cause::kTopicDeleted;
    say(incident, name + "deleted" + by_text(change) + "; " + ago + " later the member rejoined without it.");
  } else {
    incident.cause = Cause::kPartitionsChanged;
    say(incident, name + "given " + std::to_string(change.to) + " partitions instead of " +
                      std::to_string(change.from) + by_text(change) + "; " + ago + " later the member rejoined.");
  }
}

// Topics came, went or grew, and this member saw it. False: none did that it would care for.
bool topics_changed(const Timeline& timeline, size_t rebalance, const RebalanceTrigger& rejoined, Incident& incident) {
  const MemberEvidence& evidence = rejoined.evidence;
  std::optional<WallTime> before;
  if (rebalance > 0) before = timeline.rebalances()[rebalance - 1]->ended;
  auto added = minus(evidence.topics_after, evidence.topics_before);
  auto removed = minus(evidence.topics_before, evidence.topics_after);
  const TopicChange* chosen = nullptr;
  auto changes = timeline.changes_until(rebalance, rejoined);
  for (const TopicChange& change : changes) {
    bool created = change.from == 0, deleted = change.to == 0;
    // A topic that was there when the group last agreed is no news; others are told of it only once.
    bool is_news = !before || change.at > *before || !has(evidence.changes, change);
    bool fits = created   ? is_news && (has(added, change.topic) || has(evidence.topics_before, change.topic))
                : deleted ? has(removed, change.topic) || has(evidence.topics_before, change.topic)
                          : true;
    if (fits) chosen = &change;
  }
  if (chosen == nullptr) return false;
  name_change(*chosen, rejoined.at, incident);
  return true;
}

bool is_second_round(const Timeline& timeline, size_t rebalance, const RebalanceTrigger& rejoined) {
  if (says(rejoined.client_reason, "revoke partitions and re-join")) return true;
  if (rebalance == 0) return false;
  const Rebalance& before = *timeline.rebalances()[rebalance - 1];
  constexpr int64_t kFollowsMs = 30'000;
  return says(before.protocol, "cooperative") && rejoined.client_reason.empty() && before.ended &&
         rejoined.at.value - before.ended->value < kFollowsMs &&
         rejoined.evidence.topics_before == rejoined.evidence.topics_after;
}

// The leader sees what topics all members want: it joins again for what another one noticed first, or asked for.
bool follows(const Timeline& timeline, size_t rebalance, const RebalanceTrigger& rejoined, Incident& incident) {
  constexpr int64_t kSoonMs = 60'000;
  for (size_t i = rebalance; i-- > 0;) {
    for (const RebalanceTrigger& earlier : timeline.rebalances()[i]->triggers) {
      bool rejoins = earlier.cause == RebalanceCause::kSubscriptionChanged ||
                     earlier.cause == RebalanceCause::kLeaderRejoined || earlier.cause == RebalanceCause::kJoinedAgain;
      int64_t before_ms = rejoined.at.value - earlier.at.value;
      if (!rejoins || before_ms > kSoonMs) continue;
      if (topics_changed(timeline, i, earlier, incident)) return true;
      if (earlier.evidence.topics_before == earlier.evidence.topics_after) continue;
      incident.cause = Cause::kSubscriptionChanged;
      say(incident, "The subscription of client '" + client_text(earlier.client_id) + "' had changed " +
                        seconds_text(before_ms) + " before.");
      return true;
    }
  }
  return false;
}

bool after_start(const Timeline& timeline, WallTime at, Incident& incident) {
  const auto* start = timeline.start_before(at, kAfterStartMs);
  if (start == nullptr) return false;
  incident.cause = Cause::kCoordinatorRestarted;
  incident.confidence = Confidence::kInferred;
  say(incident, "The coordinator had been started " + seconds_text(at.value - start->at.value) + " before.");
  return true;
}

}  // namespace

void classify_arrival(const Timeline& timeline, const Timeline::Arrival& arrival, Incident& incident) {
  const RebalanceTrigger& came = *arrival.what;
  incident.cause = Cause::kNewMember;
  incident.confidence = Confidence::kObserved;
  const Rebalance& rebalance = *timeline.rebalances()[arrival.rebalance];
  if (arrival.rebalance > 0) {
    const auto& before = timeline.rebalances()[arrival.rebalance - 1]->members;
    bool was_there = std::any_of(before.begin(), before.end(), [&](const RebalanceMember& member) {
      return member.client_id == came.client_id && member.client_host == came.client_host;
    });
    if (was_there && after_start(timeline, came.at, incident)) return;
  }
  if (rebalance.members_before == 0) {
    say(incident, "The group had no members before.");
  } else {
    say(incident, "No member that had gone before looks like it.");
  }
  if (!came.client_reason.empty() && !says(came.client_reason, "need to re-join with the given member-id")) {
    say(incident, "The client said: \"" + client_text(came.client_reason) + "\"");
  }
}

void classify_rejoin(const Timeline& timeline, size_t rebalance, const RebalanceTrigger& rejoined, Incident& incident) {
  incident.confidence = Confidence::kObserved;
  const MemberEvidence& evidence = rejoined.evidence;
  if (!rejoined.client_reason.empty())
    say(incident, "The client said: \"" + client_text(rejoined.client_reason) + "\"");
  if (topics_changed(timeline, rebalance, rejoined, incident)) return;
  incident.topics = minus(evidence.topics_after, evidence.topics_before);
  incident.topics_gone = minus(evidence.topics_before, evidence.topics_after);
  if (!incident.topics.empty() || !incident.topics_gone.empty()) {
    incident.cause = rejoined.cause == RebalanceCause::kStaticMemberChanged ? Cause::kStaticMemberChanged
                                                                            : Cause::kSubscriptionChanged;
    if (!incident.topics.empty()) say(incident, "It now subscribes to " + list_text(incident.topics) + " as well.");
    if (!incident.topics_gone.empty()) {
      say(incident, "It no longer subscribes to " + list_text(incident.topics_gone) + ".");
    }
    return say(incident, "None of these topics was created or deleted shortly before: the application asked for it.");
  }
  if (is_second_round(timeline, rebalance, rejoined)) {
    incident.cause = Cause::kCooperativeRound;
    return say(incident, "It gave up partitions in the round before, and rejoined so that others get them.");
  }
  if (after_start(timeline, rejoined.at, incident)) return;
  if (says(rejoined.client_reason, "cached metadata has changed")) {
    if (follows(timeline, rebalance, rejoined, incident)) return;
    incident.cause = Cause::kPartitionsChanged;
    incident.confidence = Confidence::kReported;
    return;
  }
  if (rejoined.cause == RebalanceCause::kStaticMemberChanged) {
    incident.cause = Cause::kStaticMemberChanged;
    return say(incident,
               "It took its old place, but the assignor of the group is no longer the one that all like best.");
  }
  const RebalanceMember* before = timeline.member_before(rebalance, rejoined.member_id);
  const RebalanceMember* after = timeline.member_after(rebalance, rejoined.member_id);
  if (before != nullptr && after != nullptr && before->protocols != after->protocols) {
    incident.cause = Cause::kAssignorChanged;
    incident.offered = after->protocols;
    incident.wanted = before->protocols;
    return say(incident, "It now offers the assignors " + list_text(after->protocols) + "; before, " +
                             list_text(before->protocols) + ".");
  }
  incident.cause = Cause::kLeaderRejoined;
  bool leads = rejoined.cause == RebalanceCause::kLeaderRejoined ||
               (rebalance > 0 && timeline.rebalances()[rebalance - 1]->leader == rejoined.member_id);
  say(incident, std::string(leads ? "It leads the group, and joined" : "It does not lead the group, but joined") +
                    " again with the subscription that it had; no topic of it had changed.");
}

void classify_taken(const InstanceTaken& taken, Incident& incident) {
  std::string name = "group.instance.id '" + client_text(taken.by.instance_id) + "'";
  if (taken.from_is_open) {
    incident.cause = Cause::kDuplicateInstance;
    incident.confidence = Confidence::kObserved;
    incident.other = taken.from.client_host;
    return say(incident, "A process on " + client_text(taken.by.client_host) + " joined with " + name +
                             " while another one, on " + client_text(taken.from.client_host) +
                             ", was still connected with it; that one was fenced.");
  }
  incident.cause = taken.rebalances ? Cause::kStaticMemberChanged : Cause::kRestarted;
  incident.confidence = Confidence::kObserved;
  say(incident, taken.rebalances ? "The static member with " + name + " came again with another subscription."
                                 : "The static member with " + name +
                                       " came again and took its old place: nobody else was disturbed.");
}

void classify_mismatch(const MemberRefused& refused, Incident& incident) {
  incident.cause = Cause::kAssignorMismatch;
  incident.confidence = Confidence::kObserved;
  incident.offered = refused.offered;
  incident.wanted = refused.wanted;
  say(incident, "It offers " + list_text(refused.offered) + "; all members of the group have only " +
                    list_text(refused.wanted) + " in common. Its join was refused" +
                    (refused.count > 1 ? " " + times_text(refused.count) : "") + " (INCONSISTENT_GROUP_PROTOCOL).");
}

void classify_start(const Timeline& timeline, const Timeline::Fact<CoordinatorStarted>& start, Incident& incident) {
  incident.cause = Cause::kCoordinatorRestarted;
  incident.confidence = Confidence::kObserved;
  say(incident, "The broker was started and restored generation " + std::to_string(start.what->generation) + " with " +
                    plural(start.what->members, "member") + ".");
  int64_t back = 0, last = 0;
  for (const auto& returned : timeline.returns()) {
    bool its = returned.at >= start.at && timeline.start_before(returned.at, INT64_MAX) == &start;
    if (!its) continue;
    ++back;
    last = std::max(last, returned.what->after_ms);
  }
  if (back > 0) {
    incident.back_ms = last;
    say(incident, number_text(back) + " of them came back, the last one after " + seconds_text(last) + ".");
  }
}

}  // namespace leat
