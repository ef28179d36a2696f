#include "explain/advice.h"

#include <algorithm>
#include <map>
#include <set>

#include "explain/classify.h"
#include "explain/words.h"

namespace leat {
namespace {

// The incidents of one finding, and what is computed over all of them.
class Evidence {
 public:
  Evidence(const Diagnosis& diagnosis, const Finding& finding) {
    for (size_t i : finding.incidents) all_.push_back(&diagnosis.incidents[i]);
  }
  size_t size() const { return all_.size(); }
  const Incident& first() const { return *all_.front(); }
  const Incident& last() const { return *all_.back(); }
  const std::vector<const Incident*>& all() const { return all_; }

  template <class T>
  const Incident& worst(T Incident::*field) const {
    return **std::max_element(all_.begin(), all_.end(),
                              [&](const Incident* a, const Incident* b) { return a->*field < b->*field; });
  }
  template <class T>
  T most(T Incident::*field) const {
    return worst(field).*field;
  }
  int64_t median(int64_t Incident::*field) const {
    std::vector<int64_t> known;
    for (const Incident* each : all_) {
      if (each->*field >= 0) known.push_back(each->*field);
    }
    if (known.empty()) return -1;
    std::nth_element(known.begin(), known.begin() + static_cast<ptrdiff_t>(known.size() / 2), known.end());
    return known[known.size() / 2];
  }
  std::vector<std::string> topics(std::vector<std::string> Incident::*field) const {
    std::set<std::string> out;
    for (const Incident* each : all_) out.insert((each->*field).begin(), (each->*field).end());
    return {out.begin(), out.end()};
  }
  // "worker-3 on 10.0.0.7 (librdkafka 2.15.1), 99 times", the most frequent first.
  std::string who() const;
  std::string when() const;

 private:
  std::vector<const Incident*> all_;
};

std::string name_of(const Who& who) {
  std::string out = who.instance_id.empty() ? "client '" + client_text(who.client_id) + "'"
                                            : "static member '" + client_text(who.instance_id) + "'";
  if (!who.client_host.empty()) out += " on " + client_text(who.client_host);
  if (!who.software_name.empty()) {
    out += " (" + client_text(who.software_name);
    if (!who.software_version.empty()) out += " " + client_text(who.software_version);
    out += ")";
  }
  return out;
}

std::string Evidence::who() const {
  std::map<std::string, int64_t> counts;
  for (const Incident* each : all_) {
    if (!each->who.client_host.empty() || !each->who.client_id.empty()) ++counts[name_of(each->who)];
  }
  std::vector<std::pair<int64_t, std::string>> order;
  for (const auto& [name, count] : counts) order.emplace_back(-count, name);
  std::sort(order.begin(), order.end());
  std::vector<std::string> out;
  for (const auto& [count, name] : order) out.push_back(all_.size() == 1 ? name : name + ", " + times_text(-count));
  constexpr size_t kShown = 3;
  std::string text;
  for (size_t i = 0; i < out.size() && i < kShown; ++i) text += (i > 0 ? "; " : "") + out[i];
  if (out.size() > kShown) text += "; and " + std::to_string(out.size() - kShown) + " more";
  return text;
}

std::string Evidence::when() const {
  if (all_.size() == 1) return "At " + clock_text(first().at) + ".";
  int64_t span = last().at.value - first().at.value;
  std::string out = times_text(static_cast<int64_t>(all_.size())) + " between " + clock_text(first().at) + " and " +
                    clock_text(last().at);
  if (all_.size() > 2) out += ", every " + seconds_text(span / static_cast<int64_t>(all_.size() - 1)) + " on average";
  out[0] = static_cast<char>(out[0] == 't' ? 'T' : out[0]);
  return out + ".";
}

std::string setting(const Who& who, const char* java, const char* kafkajs) {
  return beats_from_handlers(who.software_name) ? kafkajs : java;
}

constexpr double kRoom = 1.5;

int64_t roomy_seconds(int64_t needed_ms) {
  return round_up(static_cast<int64_t>(static_cast<double>(needed_ms) * kRoom / 1000.0) + 1);
}

void poll_interval(const Evidence& evidence, Finding& finding) {
  const Incident& worst = evidence.worst(&Incident::needed_ms);
  int64_t limit = worst.who.rebalance_timeout_ms, needed = worst.needed_ms;
  std::string needs = worst.needed_more ? "needed more than " : "needed ";
  std::string facts =
      "max.poll.interval.ms is " + seconds_text(limit) + "; this member " + needs + seconds_text(needed);
  int64_t records = worst.batch_records;
  if (records > 0) facts += " for about " + plural(records, "record");
  finding.why += " " + facts + " between two polls.";
  if (worst.needed_more) needed = std::max(needed, limit);
  if (records > 1) {
    int64_t fewer = round_down(records * limit / std::max<int64_t>(1, needed));
    if (is_librdkafka(worst.who.software_name)) {
      finding.changes.push_back(
          "Take fewer than " + number_text(std::max<int64_t>(1, fewer)) +
          " records between two polls, or hand them to other threads and go on polling while they work "
          "(pause the partitions).");
    } else {
      finding.changes.push_back("Lower max.poll.records below " + number_text(std::max<int64_t>(1, fewer)) +
                                " (500 unless it was set).");
    }
  } else if (is_librdkafka(worst.who.software_name)) {
    finding.changes.push_back(
        "Poll while a record is being worked on: hand it to another thread, and pause its partition.");
  } else {
    finding.changes.push_back(
        "Lower max.poll.records (500 unless it was set): what is taken with one poll must be done within "
        "max.poll.interval.ms.");
  }
  int64_t roomy = roomy_seconds(needed);
  finding.changes.push_back("Or raise max.poll.interval.ms to " + number_text(roomy * 1000) + " (" +
                            std::to_string(roomy) + " s): half as much again as was needed" +
                            (worst.needed_more ? ", as far as is known." : "."));
  if (worst.read_again_min > 0) {
    finding.changes.push_back(
        "Until then expect records to be processed twice: commits after the member left are refused.");
  }
}

void crashed(const Evidence& evidence, Finding& finding) {
  constexpr size_t kLoop = 3;
  const Incident& last = evidence.last();
  int64_t up = evidence.median(&Incident::up_ms), back = evidence.most(&Incident::back_ms);
  std::set<std::string> clients;
  for (const Incident* each : evidence.all()) clients.insert(name_of(each->who));
  if (evidence.size() >= kLoop && clients.size() * 2 <= evidence.size()) {
    finding.title = "Crash loop: a member dies again and again";
    finding.why += " It lives for " + seconds_text(up) + " (median)" +
                   (back >= 0 ? " and is back at most " + seconds_text(back) + " later." : ".");
  }
  finding.changes.push_back(
      "Find out why the process ends: its log, its exit code, the kernel's log (out of memory), the "
      "orchestrator's events at " +
      clock_text(last.at) + ".");
  finding.changes.push_back(
      "If it was stopped on purpose, let it close its consumer (SIGTERM, then time to finish): the group then knows at "
      "once, "
      "instead of after " +
      seconds_text(evidence.most(&Incident::unserved_ms)) + ".");
  if (back >= 0) {
    int64_t session = roomy_seconds(back + evidence.most(&Incident::unserved_ms));
    finding.changes.push_back("It was back " + seconds_text(back) +
                              " after it was missed. With a group.instance.id of its own and "
                              "session.timeout.ms = " +
                              number_text(session * 1000) +
                              " a restart would not disturb the others; but nobody reads its partitions meanwhile.");
  }
}

void stalled(const Evidence& evidence, Finding& finding) {
  const Incident& worst = evidence.worst(&Incident::needed_ms);
  int64_t roomy = roomy_seconds(worst.needed_ms);
  std::string silent = std::string(worst.needed_more ? "more than " : "") + seconds_text(worst.needed_ms);
  finding.why += " The longest silence was " + silent + "; " +
                 setting(worst.who, "session.timeout.ms", "sessionTimeout") + " is " +
                 seconds_text(worst.who.session_timeout_ms) + ".";
  if (beats_from_handlers(worst.who.software_name)) {
    finding.changes.push_back(
        "kafkajs sends heartbeats only between messages: call heartbeat() in a handler that runs long, or "
        "take smaller batches (maxBytesPerPartition, partitionsConsumedConcurrently).");
    finding.changes.push_back("Or raise sessionTimeout to " + number_text(roomy * 1000) + ".");
    return;
  }
  finding.changes.push_back(
      "Look for what held up the whole process: a long garbage collection (its GC log), a debugger or "
      "SIGSTOP, CPU throttling of a container, swapping, a suspended virtual machine.");
  finding.changes.push_back("If such pauses are normal there, raise session.timeout.ms to " +
                            number_text(roomy * 1000) + " (" + std::to_string(roomy) +
                            " s) and keep heartbeat.interval.ms at a third of that or less.");
}

void network(const Evidence& evidence, Finding& finding) {
  const Incident& worst = evidence.worst(&Incident::needed_ms);
  finding.changes.push_back(
      "Check the path between " + client_text(worst.who.client_host) +
      " and the broker at that time: lost packets, a firewall or NAT that forgets idle connections, a machine "
      "that lost power.");
  finding.changes.push_back("If outages of that length are to be survived, raise session.timeout.ms to " +
                            number_text(roomy_seconds(worst.needed_ms) * 1000) + ".");
}

void restarted(const Diagnosis& diagnosis, const Evidence& evidence, Finding& finding) {
  std::set<std::string> members;
  for (const Incident* each : evidence.all()) members.insert(each->who.instance_id + each->who.member_id);
  int64_t span = evidence.last().at.value - evidence.first().at.value;
  constexpr int64_t kDeployMs = 30 * 60'000;
  if (members.size() >= 2 && span <= kDeployMs) {
    finding.title =
        "Rolling restart: " + plural(static_cast<int64_t>(members.size()), "member") + " one after the other";
  }
  int64_t back = evidence.most(&Incident::back_ms);
  if (back >= 0) finding.why += " They were back after " + seconds_text(back) + " at most.";
  bool all_static = std::all_of(evidence.all().begin(), evidence.all().end(),
                                [](const Incident* each) { return !each->who.instance_id.empty(); });
  if (all_static && finding.rebalances == 0) {
    finding.changes.push_back("Nothing: static membership did its work.");
    return;
  }
  int64_t session = roomy_seconds(std::max<int64_t>(back, 10'000));
  int64_t now_ms = evidence.last().who.session_timeout_ms;
  finding.changes.push_back(
      "Give each member a group.instance.id of its own (the pod's or host's name), and session.timeout.ms " +
      (now_ms > session * 1000 ? "can stay at " + number_text(now_ms) : "of at least " + number_text(session * 1000)) +
      ": a member that is back by then takes its old place without a rebalance (KIP-345).");
  bool eager = std::any_of(finding.incidents.begin(), finding.incidents.end(), [&](size_t i) {
    const auto& rebalances = diagnosis.incidents[i].rebalances;
    return std::any_of(rebalances.begin(), rebalances.end(), [&](size_t each) {
      const Rebalance& what = diagnosis.rebalances[each].what;
      return !what.consumer_protocol && what.protocol.find("cooperative") == std::string::npos;
    });
  });
  if (eager) {
    finding.changes.push_back(
        "Or use a cooperative assignor (cooperative-sticky) or group.protocol=consumer (KIP-848): then only the "
        "partitions that move are stopped.");
  }
}

void mismatch(const Evidence& evidence, Finding& finding) {
  const Incident& last = evidence.last();
  finding.changes.push_back("Give it partition.assignment.strategy with one of: " + list_text(last.wanted) +
                            " (it has " + list_text(last.offered) + ").");
  finding.changes.push_back(
      "To change the assignor of the group: first give all members both, the old and the new one; when all run "
      "with them, take the old one away.");
}

void duplicate(const Evidence& evidence, Finding& finding) {
  const Incident& last = evidence.last();
  if (evidence.size() >= 2)
    finding.title = "Ping-pong: two processes share one group.instance.id and throw each other out";
  std::set<std::string> hosts;
  for (const Incident* each : evidence.all()) hosts.insert({each->who.client_host, each->other});
  finding.changes.push_back("Give each process a group.instance.id of its own: '" + client_text(last.who.instance_id) +
                            "' is used on " + list_text({hosts.begin(), hosts.end()}) +
                            (hosts.size() == 1 ? " by two processes" : "") + ".");
}

void simple(const Evidence& evidence, Finding& finding) {
  const Incident& last = evidence.last();
  auto& changes = finding.changes;
  switch (finding.cause) {
    case Cause::kLeft:
      return changes.push_back("Nothing, if it was stopped on purpose. Its partitions went to the others.");
    case Cause::kNewMember:
      return changes.push_back(
          "Nothing: this is how a group grows. With a cooperative assignor the others go on meanwhile.");
    case Cause::kPartitionsChanged:
    case Cause::kTopicCreated:
    case Cause::kTopicDeleted:
      finding.why += " Topics: " + list_text(evidence.topics(&Incident::topics)) + ".";
      changes.push_back("Nothing, if that was meant; it happens once for each change.");
      if (finding.cause == Cause::kTopicCreated && evidence.size() > 2) {
        changes.push_back("If topics come and go often, subscribe by a narrower pattern, or make them beforehand.");
      }
      return;
    case Cause::kSubscriptionChanged:
    case Cause::kStaticMemberChanged:
      changes.push_back("Let all members of a group subscribe to the same topics, and subscribe once.");
      if (evidence.size() > 2) {
        changes.push_back("It went to and fro (" + list_text(evidence.topics(&Incident::topics)) +
                          "): two versions of the program in one group? Give them groups of their own.");
      }
      return;
    case Cause::kLeaderRejoined:
      if (evidence.size() >= 3) finding.title = "Leader loop: the leader rejoins again and again";
      changes.push_back(
          "Look at what the client " + client_text(last.who.client_id) +
          " does: it may call subscribe() or enforceRebalance() again, or see topics that others do not (their ACLs).");
      return changes.push_back(
          "Bring the client to its newest version: old librdkafka versions rejoin when metadata is incomplete.");
    case Cause::kSyncTimeout:
      changes.push_back("If it leads the group, its assignor took longer than max.poll.interval.ms (" +
                        seconds_text(last.who.rebalance_timeout_ms) + "): make it faster, or raise that.");
      return changes.push_back(
          "Else look at what the member did between joining and asking for its assignment: rebalance callbacks must "
          "be short.");
    case Cause::kCoordinatorRestarted:
      return changes.push_back(
          "Nothing in the group. A restart of the broker keeps generations; members come back into theirs.");
    case Cause::kRemovedByAdmin:
      return changes.push_back(
          "Ask who did it: kafka-consumer-groups, an AdminClient, or an operator that scales the group.");
    case Cause::kCooperativeRound:
      return changes.push_back(
          "Nothing: cooperative rebalances have two rounds, and only the partitions that move are stopped.");
    case Cause::kAssignorChanged:
      return changes.push_back(
          "Nothing, if a new version of the program is being rolled out; else give all members the same assignors.");
    case Cause::kMemberFenced:
      return changes.push_back(
          "See what stopped it from answering in time: it was busy in a rebalance callback, or stalled.");
    default:
      return changes.push_back("Run the group on a broker that keeps its history (leat serve) to know more.");
  }
}

}  // namespace

void advise(const Diagnosis& diagnosis, Finding& finding) {
  Evidence evidence(diagnosis, finding);
  finding.title = title_of(finding.cause);
  finding.who = evidence.who();
  finding.why = evidence.when();
  for (const std::string& sentence : evidence.last().evidence) finding.why += " " + sentence;
  switch (finding.cause) {
    case Cause::kPollIntervalExceeded:
      return poll_interval(evidence, finding);
    case Cause::kCrashed:
      return crashed(evidence, finding);
    case Cause::kStalled:
      return stalled(evidence, finding);
    case Cause::kNetwork:
      return network(evidence, finding);
    case Cause::kRestarted:
      return restarted(diagnosis, evidence, finding);
    case Cause::kAssignorMismatch:
      return mismatch(evidence, finding);
    case Cause::kDuplicateInstance:
      return duplicate(evidence, finding);
    default:
      return simple(evidence, finding);
  }
}

}  // namespace leat
