#include <algorithm>
#include <map>

#include "explain/advice.h"
#include "explain/classify.h"
#include "explain/diagnosis.h"

namespace leat {
namespace {

Who who_of(const RebalanceTrigger& trigger) {
  return {trigger.member_id,     trigger.instance_id,      trigger.client_id,          trigger.client_host,
          trigger.software_name, trigger.software_version, trigger.session_timeout_ms, trigger.rebalance_timeout_ms};
}

Who who_of(const MemberIdentity& member) {
  return {member.member_id,
          member.instance_id,
          member.client_id,
          member.client_host,
          member.software_name,
          member.software_version,
          0,
          0};
}

bool is_cooperative(const Rebalance& rebalance) {
  return rebalance.consumer_protocol || rebalance.protocol.find("cooperative") != std::string::npos;
}

class Diagnosing {
 public:
  Diagnosing(const std::vector<HistoryRecord>& records, WallTime from, WallTime until) : timeline_(records) {
    out_.from = from;
    out_.until = until;
    out_.dropped = timeline_.dropped();
  }

  Diagnosis run() {
    for (const Rebalance* rebalance : timeline_.rebalances()) all_.push_back({*rebalance, {}});
    for (size_t i = 0; i < all_.size(); ++i) explain(i);
    facts();
    keep_recent();
    find();
    return std::move(out_);
  }

 private:
  size_t add(Incident incident) {
    incidents_.push_back(std::move(incident));
    return incidents_.size() - 1;
  }

  // Each trigger is an incident of its own, but those that only follow from another one.
  void explain(size_t index) {
    const Rebalance& rebalance = all_[index].what;
    for (size_t i = 0; i < rebalance.triggers.size(); ++i) {
      const RebalanceTrigger& trigger = rebalance.triggers[i];
      Incident incident;
      incident.at = trigger.at;
      incident.who = who_of(trigger);
      if (const auto* departure = timeline_.departure(index, i)) {
        classify_departure(timeline_, *departure, incident);
        size_t added = add(std::move(incident));
        gone_[departure] = added;
        attribute(index, added, i == 0);
      } else if (const auto* arrival = timeline_.arrival(index, i)) {
        explain_arrival(index, i, *arrival, std::move(incident));
      } else if (i == 0 || trigger.cause == RebalanceCause::kTopicsChanged) {
        explain_other(index, trigger, incident);
        attribute(index, add(std::move(incident)), i == 0);
      }
    }
  }

  void explain_arrival(size_t index, size_t position, const Timeline::Arrival& arrival, Incident incident) {
    for (const auto& [departure, known] : gone_) {
      if (departure->back == &arrival) return attribute(index, known, position == 0);
    }
    classify_arrival(timeline_, arrival, incident);
    attribute(index, add(std::move(incident)), position == 0);
  }

  void explain_other(size_t index, const RebalanceTrigger& trigger, Incident& incident) {
    if (trigger.cause == RebalanceCause::kTopicsChanged) {
      incident.cause = Cause::kPartitionsChanged;
      incident.topics = trigger.topics;
      for (const TopicChange& change : trigger.evidence.changes) {
        if (change.from == 0) incident.cause = Cause::kTopicCreated;
        if (change.to == 0) incident.cause = Cause::kTopicDeleted;
      }
      incident.evidence.push_back("The coordinator saw it itself.");
      return;
    }
    if (trigger.cause == RebalanceCause::kAssignorChanged) {
      incident.cause = Cause::kAssignorChanged;
      return;
    }
    if (trigger.cause == RebalanceCause::kInstanceReplaced) {
      incident.cause = Cause::kRestarted;
      incident.evidence.push_back("A static member came again and took its old place.");
      return;
    }
    classify_rejoin(timeline_, index, trigger, incident);
  }

  // `first`: it is why this rebalance began; else it came into one that went on anyway.
  void attribute(size_t rebalance, size_t incident, bool first) {
    all_[rebalance].incidents.push_back(incident);
    if (first) incidents_[incident].rebalances.push_back(rebalance);
  }

  void facts() {
    for (const auto& fact : timeline_.taken()) {
      Incident incident;
      incident.at = fact.at;
      incident.who = who_of(fact.what->by);
      classify_taken(*fact.what, incident);
      add(std::move(incident));
    }
    for (const auto& fact : timeline_.refusals()) {
      if (fact.what->error != "INCONSISTENT_GROUP_PROTOCOL" || fact.what->request != "join") continue;
      Incident incident;
      incident.at = fact.at;
      incident.who = who_of(fact.what->member);
      classify_mismatch(*fact.what, incident);
      add(std::move(incident));
    }
    for (const auto& fact : timeline_.starts()) {
      Incident incident;
      incident.at = fact.at;
      classify_start(timeline_, fact, incident);
      add(std::move(incident));
    }
  }

  // An incident is shown if it, or a rebalance of it, is within the time that is asked for.
  void keep_recent() {
    std::map<size_t, size_t> kept_rebalances, kept;
    auto at_of = [](const ExplainedRebalance& each) { return each.what.ended.value_or(each.what.began); };
    for (size_t i = 0; i < all_.size(); ++i) {
      if (at_of(all_[i]) < out_.from || all_[i].what.began > out_.until) continue;
      kept_rebalances[i] = out_.rebalances.size();
      out_.rebalances.push_back(all_[i]);
    }
    for (size_t i = 0; i < incidents_.size(); ++i) {
      Incident& incident = incidents_[i];
      std::vector<size_t> rebalances;
      for (size_t each : incident.rebalances) {
        if (kept_rebalances.contains(each)) rebalances.push_back(kept_rebalances[each]);
      }
      incident.rebalances = std::move(rebalances);
      bool recent = incident.at >= out_.from && incident.at <= out_.until;
      if (!recent && incident.rebalances.empty()) continue;
      kept[i] = out_.incidents.size();
      out_.incidents.push_back(incident);
    }
    for (ExplainedRebalance& each : out_.rebalances) {
      std::vector<size_t> incidents;
      for (size_t i : each.incidents) {
        if (kept.contains(i)) incidents.push_back(kept[i]);
      }
      each.incidents = std::move(incidents);
    }
  }

  void find() {
    std::map<Cause, Finding> findings;
    for (size_t i = 0; i < out_.incidents.size(); ++i) {
      const Incident& incident = out_.incidents[i];
      Finding& finding = findings[incident.cause];
      finding.cause = incident.cause;
      finding.confidence = std::max(finding.confidence, incident.confidence);
      finding.incidents.push_back(i);
      finding.rebalances += incident.rebalances.size();
      finding.unserved_ms += incident.unserved_ms;
      if (incident.read_again_max >= 0) {
        finding.read_again_max = std::max<int64_t>(0, finding.read_again_max) + incident.read_again_max;
      }
      for (size_t rebalance : incident.rebalances) {
        const ExplainedRebalance& each = out_.rebalances[rebalance];
        if (!is_cooperative(each.what)) finding.paused_ms += each.duration_ms();
      }
    }
    for (auto& [cause, finding] : findings) {
      advise(out_, finding);
      out_.findings.push_back(std::move(finding));
    }
    std::stable_sort(out_.findings.begin(), out_.findings.end(), [](const Finding& a, const Finding& b) {
      auto rank = [](const Finding& each) {
        bool counts = each.rebalances > 0 || gravity_of(each.cause) >= 3;
        return std::tuple(counts ? gravity_of(each.cause) : 0, each.rebalances, each.incidents.size());
      };
      return rank(a) > rank(b);
    });
  }

  Timeline timeline_;
  std::vector<ExplainedRebalance> all_;
  std::vector<Incident> incidents_;
  std::map<const Timeline::Departure*, size_t> gone_;
  Diagnosis out_;
};

}  // namespace

int64_t Diagnosis::paused_ms() const {
  int64_t out = 0;
  for (const ExplainedRebalance& each : rebalances) {
    if (!is_cooperative(each.what)) out += each.duration_ms();
  }
  return out;
}

Diagnosis diagnose(const std::vector<HistoryRecord>& records, WallTime from, WallTime until) {
  return Diagnosing(records, from, until).run();
}

}  // namespace leat
