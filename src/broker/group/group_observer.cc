#include "broker/group/group_observer.h"

#include <algorithm>

#include "broker/broker.h"
#include "explain/consumer_protocol.h"

namespace leat {
namespace {

constexpr int64_t kTellAgainMs = 10'000;

int64_t ms_between(Instant from, Instant to) {
  return (to.value - from.value) / 1'000'000;
}

bool is_departure(RebalanceCause cause) {
  return cause == RebalanceCause::kLeft || cause == RebalanceCause::kRemovedByAdmin ||
         cause == RebalanceCause::kSessionExpired || cause == RebalanceCause::kRebalanceTimeout ||
         cause == RebalanceCause::kSyncTimeout || cause == RebalanceCause::kMemberFenced;
}

ConsumerSubscription subscription_of(const protocol::JoinGroupRequest& request) {
  for (const auto& protocol : request.protocols) {
    auto decoded = decode_subscription(protocol.metadata);
    if (decoded) return std::move(*decoded);
  }
  return {};
}

}  // namespace

Instant GroupObserver::now() const {
  return broker_.monotonic();
}

ClientLine* GroupObserver::fetching(const Call& call) {
  if (lines_.size() >= kLinesMax && !lines_.contains(call.client->connection)) return nullptr;
  ClientLine& line = line_of(call);
  line.fetches.add(now());
  return &line;
}

ClientLine& GroupObserver::line_of(const Call& call) {
  auto [entry, is_new] = lines_.try_emplace(call.client->connection);
  if (!is_new) return entry->second;
  entry->second.client = call.client;
  call.client->when_closed.push_back(
      [this, alive = std::weak_ptr(alive_), number = call.client->connection](const std::string& why) {
        if (!alive.expired()) closed(number, why);
      });
  clean();
  return entry->second;
}

void GroupObserver::closed(uint64_t connection, const std::string& why) {
  auto found = lines_.find(connection);
  if (found == lines_.end()) return;
  ClientLine& line = found->second;
  line.closed = now();
  line.closed_why = why;
  closed_lines_.emplace_back(now(), connection);
  for (const auto& [group, id] : line.members) {
    Seen* member = find(group, id);
    if (member != nullptr && member->gone && member->identity.connection == connection) {
      tell_closed(group, *member, line);
    }
  }
}

void GroupObserver::tell_closed(const std::string& group, Seen& member, const ClientLine& line) {
  if (std::exchange(member.closed_is_told, true)) return;
  history_.write(group, {broker_.wall(),
                         ClosedAfterwards{member.identity, ms_between(*member.gone, *line.closed), line.closed_why}});
}

// What was closed, or left, long enough ago is forgotten; and what is too much.
void GroupObserver::clean() {
  auto is_old = [&](Instant at, bool too_many) { return too_many || ms_between(at, now()) > kRememberedMs; };
  while (!closed_lines_.empty() && is_old(closed_lines_.front().first, lines_.size() > kLinesMax)) {
    lines_.erase(closed_lines_.front().second);
    closed_lines_.pop_front();
  }
  while (!gone_members_.empty() && is_old(gone_members_.front().first, members_.size() > kMembersMax)) {
    auto found = members_.find(gone_members_.front().second);
    if (found != members_.end() && found->second.gone) members_.erase(found);
    gone_members_.pop_front();
  }
}

MemberIdentity GroupObserver::identity_of(const Call& call, const std::string& id,
                                          const std::optional<std::string>& instance) const {
  const Client& client = *call.client;
  return {id,
          instance.value_or(""),
          client.id,
          client.peer.host,
          client.software_name,
          client.software_version,
          client.connection};
}

GroupObserver::Seen* GroupObserver::find(const std::string& group, const std::string& member) {
  auto found = members_.find({group, member});
  return found == members_.end() ? nullptr : &found->second;
}

GroupObserver::Seen& GroupObserver::see(const Call& call, const Member& member) {
  auto [entry, is_new] = members_.try_emplace(Key{member.group, member.id});
  Seen& seen = entry->second;
  if (is_new) {
    seen.since = now();
    clean();
  }
  if (!is_new && seen.identity.connection == call.client->connection) return seen;
  seen.identity = identity_of(call, member.id, member.instance_id);
  ClientLine& line = line_of(call);
  if (line.members.size() == ClientLine::kMembersMax) line.members.erase(line.members.begin());
  line.members.emplace_back(member.group, member.id);
  return seen;
}

void GroupObserver::answered(const Call& call, const Member& member, const char* request, protocol::ErrorCode error) {
  using protocol::ErrorCode;
  if (member.id.empty() || error == ErrorCode::kMemberIdRequired) return;
  if (error != ErrorCode::kNone && error != ErrorCode::kRebalanceInProgress) {
    MemberRefused refusal;
    refusal.request = request;
    refusal.error = to_string(error);
    return refused(call, member, std::move(refusal));
  }
  Seen& seen = see(call, member);
  if (std::string_view(request) == "heartbeat") seen.heartbeats.add(now());
  if (auto started = std::exchange(seen.started, std::nullopt)) {
    history_.write(member.group, {broker_.wall(), MemberReturned{seen.identity, ms_between(*started, now())}});
  }
}

void GroupObserver::committed(const Call& call, const Member& member, protocol::ErrorCode error, int64_t records) {
  if (member.id.empty()) return;
  if (error != protocol::ErrorCode::kNone) {
    MemberRefused refusal;
    refusal.request = "commit";
    refusal.error = to_string(error);
    refusal.records = records;
    return refused(call, member, std::move(refusal));
  }
  Seen& seen = see(call, member);
  seen.commits.add(now());
  if (records <= 0) return;
  seen.commit_records_last = records;
  seen.commit_records_max = std::max(seen.commit_records_max, records);
}

void GroupObserver::mismatched(const Call& call, const Member& member, std::vector<std::string> offered,
                               std::vector<std::string> wanted) {
  MemberRefused refusal;
  refusal.request = "join";
  refusal.error = to_string(protocol::ErrorCode::kInconsistentGroupProtocol);
  refusal.offered = std::move(offered);
  refusal.wanted = std::move(wanted);
  refused(call, member, std::move(refusal));
}

void GroupObserver::refused(const Call& call, const Member& member, MemberRefused refusal) {
  refusal.member = identity_of(call, member.id, member.instance_id);
  Seen* seen = find(member.group, member.id);
  if (seen != nullptr) {
    auto [entry, first] = seen->refused.try_emplace(refusal.request + refusal.error, 0, now());
    auto& [untold, since] = entry->second;
    ++untold;
    if (!first && ms_between(since, now()) < kTellAgainMs) return;
    refusal.count = std::exchange(untold, 0);
    since = now();
  }
  history_.write(member.group, {broker_.wall(), std::move(refusal)});
}

void GroupObserver::topic_changed(TopicChange change) {
  change.at = broker_.wall();
  if (changes_.size() == kChangesMax) changes_.pop_front();
  changes_.emplace_back(now(), std::move(change));
}

void GroupObserver::restored(const std::string& group, int32_t generation,
                             const std::vector<RebalanceMember>& members) {
  for (const RebalanceMember& member : members) {
    Seen& seen = members_[{group, member.id}];
    seen.identity = {member.id, member.instance_id, member.client_id, member.client_host, "", "", 0};
    seen.since = now();
    seen.started = now();
    seen.topics = member.topics;
    seen.assigned = member.assigned;
  }
  history_.write(group, {broker_.wall(), CoordinatorStarted{generation, static_cast<int32_t>(members.size())}});
}

void GroupObserver::forget(const std::string& group) {
  auto first = members_.lower_bound({group, ""});
  while (first != members_.end() && first->first.first == group) first = members_.erase(first);
  told_changes_.erase(group);
}

void GroupObserver::goes(const std::string& group, Seen& member) {
  if (member.gone) return;
  member.gone = now();
  gone_members_.emplace_back(now(), Key{group, member.identity.member_id});
  auto line = lines_.find(member.identity.connection);
  if (line != lines_.end() && line->second.closed) member.closed_is_told = true;  // The trigger says so.
}

// The connections that it reads on: clients keep them apart from the one to the coordinator. A partition tells whose.
std::vector<const ClientLine*> GroupObserver::lines_of(const Seen& member) const {
  std::vector<const ClientLine*> out;
  for (const auto& [number, line] : lines_) {
    if (number == member.identity.connection) {
      out.push_back(&line);
      continue;
    }
    if (line.client->id != member.identity.client_id || line.client->peer.host != member.identity.client_host) continue;
    bool reads = std::any_of(line.positions.begin(), line.positions.end(), [&](const auto& position) {
      auto topic = member.assigned.find(position.topic);
      return topic != member.assigned.end() &&
             std::binary_search(topic->second.begin(), topic->second.end(), position.partition);
    });
    if (reads) out.push_back(&line);
  }
  return out;
}

int64_t GroupObserver::uncommitted(const std::string& group, const Seen& member) const {
  auto committed = broker_.state().offsets().find(group);
  int64_t out = -1;
  auto lines = lines_of(member);
  for (const auto& [topic, partitions] : member.assigned) {
    for (int32_t partition : partitions) {
      int64_t given = -1;
      for (const ClientLine* line : lines) {
        const auto* position = line->position(topic, partition);
        if (position != nullptr) given = std::max(given, position->offset);
      }
      if (given < 0 || committed == broker_.state().offsets().end()) continue;
      auto kept = committed->second.find({topic, PartitionId{partition}});
      if (kept == committed->second.end()) continue;
      out = std::max<int64_t>(out, 0) + std::max<int64_t>(0, given - kept->second.offset.value);
    }
  }
  return out;
}

MemberEvidence GroupObserver::evidence_of(const std::string& group, const Seen& member) {
  MemberEvidence out;
  out.connection = member.identity.connection;
  auto line = lines_.find(out.connection);
  if (line != lines_.end() && line->second.closed) {
    out.closed_ms = ms_between(*line->second.closed, now());
    out.closed_why = line->second.closed_why;
  }
  out.heartbeats = member.heartbeats.rhythm(now());
  out.commits = member.commits.rhythm(now());
  out.member_ms = ms_between(member.since, now());
  out.commit_records_last = member.commit_records_last;
  out.commit_records_max = member.commit_records_max;
  out.fetched_ahead = uncommitted(group, member);
  out.topics_before = out.topics_after = member.topics;
  for (const ClientLine* each : lines_of(member)) {
    Rhythm fetches = each->fetches.rhythm(now());
    bool newer = fetches.count > 0 && (out.fetches.count == 0 || fetches.age_ms < out.fetches.age_ms);
    if (newer) out.fetches = fetches;
    if (!each->closed && each->client->unacknowledged_bytes) {
      out.unsent_bytes = out.unsent_bytes.value_or(0) + static_cast<int64_t>(each->client->unacknowledged_bytes());
    }
  }
  return out;
}

// Those that no trigger of the group has told of yet, of topics that it subscribes to, or did.
std::vector<TopicChange> GroupObserver::untold_changes(const std::string& group, const MemberEvidence& evidence) {
  std::vector<TopicChange> out;
  Instant& told = told_changes_[group];
  Instant newest = told;
  for (const auto& [at, change] : changes_) {
    auto has = [&](const std::vector<std::string>& topics) {
      return std::find(topics.begin(), topics.end(), change.topic) != topics.end();
    };
    bool concerns = has(evidence.topics_before) || has(evidence.topics_after);
    if (!concerns || at <= told || ms_between(at, now()) > kRememberedMs) continue;
    out.push_back(change);
    newest = std::max(newest, at);
  }
  told = newest;
  return out;
}

void GroupObserver::triggered(const std::string& group, RebalanceTrigger& trigger) {
  Member member{group, trigger.member_id, std::nullopt};
  if (!trigger.instance_id.empty()) member.instance_id = trigger.instance_id;
  bool departs = is_departure(trigger.cause);
  bool joins = !departs && joining_.call != nullptr;
  Seen* seen = joins ? &see(*joining_.call, member) : find(group, trigger.member_id);
  if (seen == nullptr) return;
  trigger.software_name = seen->identity.software_name;
  trigger.software_version = seen->identity.software_version;
  trigger.evidence = evidence_of(group, *seen);
  if (joins) {
    ConsumerSubscription subscription = subscription_of(*joining_.request);
    trigger.evidence.topics_after = subscription.topics;
    trigger.evidence.owned = subscription.owned;
    if (trigger.cause != RebalanceCause::kNewMember) {
      trigger.evidence.changes = untold_changes(group, trigger.evidence);
    }
  }
  if (departs) goes(group, *seen);
}

void GroupObserver::instance_taken(const std::string& group, const std::string& instance_id, const std::string& from,
                                   const std::string& by, bool rebalances) {
  if (joining_.call == nullptr) return;
  InstanceTaken fact;
  Seen& now_it = see(*joining_.call, {group, by, instance_id});
  fact.by = now_it.identity;
  fact.rebalances = rebalances;
  if (Seen* before = find(group, from); before != nullptr) {
    fact.from = before->identity;
    auto line = lines_.find(before->identity.connection);
    fact.from_is_open =
        line != lines_.end() && !line->second.closed && before->identity.connection != now_it.identity.connection;
    now_it.topics = before->topics;
    now_it.assigned = before->assigned;
    goes(group, *before);
  }
  history_.write(group, {broker_.wall(), std::move(fact)});
}

void GroupObserver::rebalanced(const std::string& group, Rebalance rebalance) {
  std::set<std::string> there;
  for (RebalanceMember& member : rebalance.members) {
    there.insert(member.id);
    Seen* seen = find(group, member.id);
    if (seen == nullptr) continue;
    member.software_name = seen->identity.software_name;
    member.software_version = seen->identity.software_version;
    seen->topics = member.topics;
    seen->assigned = member.assigned;
    seen->heartbeats.begin();
    seen->commits.begin();
    seen->refused.clear();
  }
  // Whoever is gone without having caused anything.
  bool complete = rebalance.ended && there.size() == static_cast<size_t>(rebalance.members_after);
  auto each = members_.lower_bound({group, ""});
  for (; complete && each != members_.end() && each->first.first == group; ++each) {
    if (!there.contains(each->first.second)) goes(group, each->second);
  }
  WallTime at = rebalance.ended.value_or(broker_.wall());
  history_.write(group, {at, std::move(rebalance)});
}

}  // namespace leat
