// Why a member is no longer one.
#include <algorithm>

#include "explain/classify.h"
#include "explain/words.h"

namespace leat {
namespace {

// Whoever closes a consumer closes its connections with it, at once or nearly so.
constexpr int64_t kClosesWithinMs = 3'000;

void say_heartbeats(const MemberEvidence& evidence, const Who& who, Incident& incident) {
  const Rhythm& beats = evidence.heartbeats;
  if (beats.age_ms < 0) return;
  std::string text = "Its last heartbeat had come " + seconds_text(beats.age_ms) + " before";
  if (beats.gap_max_ms >= 0) {
    text += "; until then the longest gap between two was " + seconds_text(beats.gap_max_ms);
    if (beats.gap_p99_ms >= 0) text += " (99 % within " + seconds_text(beats.gap_p99_ms) + ")";
  }
  if (who.session_timeout_ms > 0) text += ". session.timeout.ms is " + seconds_text(who.session_timeout_ms);
  say(incident, text + ".");
}

// What it costs when a member goes without a word: what it was given and did not commit is read by others again.
void cost(const Timeline::Departure& departure, Incident& incident) {
  const MemberEvidence& evidence = departure.what->evidence;
  incident.read_again_max = evidence.fetched_ahead;
  incident.read_again_min = departure.records_refused;
  incident.read_again_max = std::max(incident.read_again_max, incident.read_again_min);
  incident.up_ms = evidence.member_ms;
  if (departure.back != nullptr) incident.back_ms = departure.back->what->at.value - departure.what->at.value;
  if (departure.records_refused > 0) {
    say(incident, "Its commit came too late and was refused: " + plural(departure.records_refused, "record") +
                      " that it had processed are read again.");
  }
}

void poll_exceeded(const Timeline::Departure& departure, Incident& incident) {
  const RebalanceTrigger& left = *departure.what;
  const MemberEvidence& evidence = left.evidence;
  incident.cause = Cause::kPollIntervalExceeded;
  incident.needed_ms = left.rebalance_timeout_ms;
  // Some clients come back by themselves, before the application has polled.
  constexpr int64_t kAtOnceMs = 1000;
  incident.needed_more = departure.back == nullptr || incident.back_ms < kAtOnceMs;
  if (incident.back_ms >= 0) incident.needed_ms += incident.back_ms;
  incident.batch_records = departure.records_refused > 0 ? departure.records_refused : evidence.commit_records_max;
  if (departure.back != nullptr) {
    say(incident, std::string("It came back ") + (departure.same_connection ? "on the same connection " : "") +
                      seconds_text(incident.back_ms) + " later, so it had not polled for " +
                      (incident.needed_more ? "at least " : "") + seconds_text(incident.needed_ms) + ".");
  }
  if (evidence.commits.count > 0) {
    say(incident, "Its last commit was " + seconds_text(evidence.commits.age_ms) + " before it left.");
  }
}

// A leave without a reason. librdkafka never gives one, and leaves by itself when the application does not poll.
void left_silently(const Timeline& timeline, const Timeline::Departure& departure, Incident& incident) {
  const RebalanceTrigger& left = *departure.what;
  const MemberEvidence& evidence = left.evidence;
  bool closed_at_once =
      evidence.closed_ms || (departure.closed != nullptr && departure.closed->after_ms <= kClosesWithinMs);
  bool long_enough = left.rebalance_timeout_ms > 0 && evidence.member_ms >= left.rebalance_timeout_ms;
  constexpr int64_t kAutoCommitMs = 6'000;
  bool no_progress = evidence.commits.age_ms < 0 ||
                     evidence.commits.age_ms >=
                         std::min<int64_t>(left.rebalance_timeout_ms - kAutoCommitMs, left.rebalance_timeout_ms / 2);
  // Under KIP-848 nobody can give a reason.
  bool never_does_so = !is_librdkafka(left.software_name) && !left.software_name.empty() &&
                       !timeline.rebalances()[departure.rebalance]->consumer_protocol;
  incident.confidence = Confidence::kInferred;
  if (!closed_at_once && long_enough && no_progress && !never_does_so) {
    say(incident,
        "It left the group by itself, without a reason, and kept its connection" +
            (departure.closed != nullptr ? " for another " + seconds_text(departure.closed->after_ms) : std::string()) +
            ", while its heartbeats came on time: that is what this client does when the application does not poll.");
    return poll_exceeded(departure, incident);
  }
  incident.cause = departure.back != nullptr ? Cause::kRestarted : Cause::kLeft;
  if (closed_at_once) {
    incident.confidence = Confidence::kObserved;
    say(incident, "It said that it leaves and closed its connection" +
                      (departure.closed != nullptr && departure.closed->after_ms > 0
                           ? " " + seconds_text(departure.closed->after_ms) + " later."
                           : std::string(".")));
  } else {
    say(incident,
        "It said that it leaves and kept its connection: it unsubscribed, or its program does something else now.");
  }
}

void left(const Timeline& timeline, const Timeline::Departure& departure, Incident& incident) {
  const std::string& reason = departure.what->client_reason;
  incident.confidence = Confidence::kReported;
  if (!reason.empty()) say(incident, "The client said: \"" + client_text(reason) + "\"");
  if (says(reason, "poll timeout has expired")) return poll_exceeded(departure, incident);
  if (says(reason, "admin")) {
    incident.cause = Cause::kRemovedByAdmin;
    return;
  }
  if (reason.empty()) return left_silently(timeline, departure, incident);
  incident.cause = departure.back != nullptr ? Cause::kRestarted : Cause::kLeft;
}

void stalled(const Timeline::Departure& departure, Incident& incident) {
  const RebalanceTrigger& gone = *departure.what;
  const MemberEvidence& evidence = gone.evidence;
  incident.needed_ms = evidence.heartbeats.age_ms >= 0 ? evidence.heartbeats.age_ms : gone.session_timeout_ms;
  incident.needed_more = true;
  if (evidence.unsent_bytes.value_or(0) > 0) {
    incident.cause = Cause::kNetwork;
    say(incident,
        "Its connection was open, but what was sent to it, or a probe (TCP keepalive), was not acknowledged by its "
        "machine: the network between, or the whole machine, was gone.");
  } else {
    incident.cause = Cause::kStalled;
    incident.confidence = Confidence::kInferred;
    bool reads = evidence.fetches.age_ms >= 0 && evidence.fetches.age_ms * 2 < gone.session_timeout_ms;
    say(incident, reads
                      ? "Its connection stayed open and it went on reading, but sent no heartbeats."
                      : "Its connection stayed open and it sent nothing at all: the process was frozen, or too busy.");
    if (evidence.unsent_bytes) {
      say(incident,
          "Its machine had acknowledged everything that was sent to it, probes (TCP keepalive) too: the network "
          "was there.");
    }
  }
  WallTime again = departure.heard_at;
  bool heard = departure.heard_again != nullptr;
  if (departure.back != nullptr && departure.same_connection && (!heard || departure.back->what->at < again)) {
    heard = true;
    again = departure.back->what->at;
  }
  if (!heard) return;
  incident.needed_more = false;
  incident.needed_ms += again.value - gone.at.value;
  say(incident,
      "It was heard again on the same connection, after " + seconds_text(incident.needed_ms) + " of silence.");
  if (incident.cause == Cause::kStalled) incident.confidence = Confidence::kObserved;
}

void expired(const Timeline& timeline, const Timeline::Departure& departure, Incident& incident) {
  const RebalanceTrigger& gone = *departure.what;
  const MemberEvidence& evidence = gone.evidence;
  const auto* start = timeline.start_before(gone.at, int64_t{gone.session_timeout_ms} + 5'000);
  if (start != nullptr && evidence.heartbeats.count == 0 && evidence.connection == 0) {
    incident.cause = Cause::kCoordinatorRestarted;
    incident.confidence = Confidence::kInferred;
    say(incident, "The coordinator was started " + seconds_text(gone.at.value - start->at.value) +
                      " before, and this member had not been heard of since.");
    return;
  }
  say_heartbeats(evidence, incident.who, incident);
  if (!evidence.closed_ms) return stalled(departure, incident);
  incident.unserved_ms = *evidence.closed_ms;
  bool network = says(evidence.closed_why, "timed out") || says(evidence.closed_why, "unreachable") ||
                 says(evidence.closed_why, "No route");
  incident.cause = network ? Cause::kNetwork : Cause::kCrashed;
  say(incident, "Its connection had been closed " + seconds_text(*evidence.closed_ms) + " before (" +
                    client_text(evidence.closed_why) +
                    "), and it had not said that it leaves: it was killed, crashed, or " +
                    "ended without closing its consumer.");
}

void did_not_rejoin(const Timeline::Departure& departure, Incident& incident) {
  const RebalanceTrigger& gone = *departure.what;
  if (gone.evidence.closed_ms) {
    incident.cause = Cause::kCrashed;
    say(incident, "Its connection had been closed " + seconds_text(*gone.evidence.closed_ms) +
                      " before, and it had not said that it leaves.");
    return;
  }
  incident.confidence = Confidence::kObserved;
  say(incident, "It did not rejoin within its rebalance time-out (" + seconds_text(gone.rebalance_timeout_ms) +
                    "), while its connection was open: the application did not come back to its consumer.");
  say_heartbeats(gone.evidence, incident.who, incident);
  poll_exceeded(departure, incident);
}

// Of a cluster that tells only who was in which generation.
void gone_from_outside(const Timeline::Departure& departure, Incident& incident) {
  const RebalanceTrigger& gone = *departure.what;
  const Rhythm& commits = gone.evidence.commits;
  incident.confidence = Confidence::kInferred;
  if (departure.back != nullptr) {
    incident.cause = Cause::kRestarted;
    return say(incident, "It is not in the new generation, and one with its client id is, or came " +
                             seconds_text(incident.back_ms) + " later.");
  }
  if (commits.count == 0) {
    incident.cause = Cause::kMembershipChanged;
    return say(incident,
               "It is not in the new generation, and it had not committed anything that would tell when it stopped.");
  }
  bool silent = gone.session_timeout_ms > 0 && commits.age_ms >= gone.session_timeout_ms;
  incident.cause = silent ? Cause::kMembershipChanged : Cause::kLeft;
  say(incident, "It is not in the new generation. Its last commit was " + seconds_text(commits.age_ms) + " before" +
                    (silent ? ", longer than its session time-out (" + seconds_text(gone.session_timeout_ms) +
                                  "): it crashed, stalled, lost its network or had nothing to read."
                            : ": it seems to have left, or to have polled too late."));
}

}  // namespace

bool beats_from_handlers(const std::string& software_name) {
  return software_name == "kafkajs";
}

bool is_librdkafka(const std::string& software_name) {
  return says(software_name, "librdkafka") || says(software_name, "confluent");
}

bool is_java(const std::string& software_name) {
  return says(software_name, "apache-kafka-java");
}

void classify_departure(const Timeline& timeline, const Timeline::Departure& departure, Incident& incident) {
  incident.confidence = Confidence::kObserved;
  cost(departure, incident);
  switch (departure.what->cause) {
    case RebalanceCause::kSessionExpired:
      return expired(timeline, departure, incident);
    case RebalanceCause::kRebalanceTimeout:
      return did_not_rejoin(departure, incident);
    case RebalanceCause::kRemovedByAdmin:
      incident.cause = Cause::kRemovedByAdmin;
      return say(incident, "Somebody who is not this member said, by its group.instance.id, that it leaves." +
                               (departure.what->client_reason.empty()
                                    ? std::string()
                                    : " Reason: \"" + client_text(departure.what->client_reason) + "\""));
    case RebalanceCause::kSyncTimeout:
      incident.cause = Cause::kSyncTimeout;
      incident.needed_ms = departure.what->rebalance_timeout_ms;
      return say(incident, std::string("It joined and then did not ask for its assignment within ") +
                               seconds_text(departure.what->rebalance_timeout_ms) +
                               (departure.what->evidence.closed_ms ? "; its connection was closed meanwhile."
                                                                   : ", on an open connection."));
    case RebalanceCause::kMemberFenced:
      incident.cause = Cause::kMemberFenced;
      return say(incident, "It came with an epoch that the group does not know, and was told to begin anew.");
    default:
      return is_seen_from_outside(*departure.what) ? gone_from_outside(departure, incident)
                                                   : left(timeline, departure, incident);
  }
}

}  // namespace leat
