#include "explain/consumer_protocol.h"
#include "explain/json_out.h"
#include "explain/report.h"

namespace leat {
namespace {

void number_if(JsonOut& out, const char* name, int64_t number) {
  if (number >= 0) out.field(name, number);
}

void put(JsonOut& out, const char* name, const PartitionSets& sets) {
  out.key(name);
  out.begin_object();
  for (const auto& [topic, partitions] : sets) {
    if (!partitions.empty()) out.field(topic, ranges_text(partitions));
  }
  out.end_object();
}

void put(JsonOut& out, const Who& who) {
  out.key("who");
  out.begin_object();
  out.field("member", who.member_id);
  out.field_if("instance", who.instance_id);
  out.field("client", who.client_id);
  out.field("host", who.client_host);
  out.field_if("software", who.software_name);
  out.field_if("software_version", who.software_version);
  if (who.session_timeout_ms > 0) out.field("session_timeout_ms", who.session_timeout_ms);
  if (who.rebalance_timeout_ms > 0) out.field("rebalance_timeout_ms", who.rebalance_timeout_ms);
  out.end_object();
}

template <class T>
void put_numbers(JsonOut& out, const char* name, const std::vector<T>& all) {
  out.key(name);
  out.begin_array();
  for (const T& each : all) out.value(each);
  out.end_array();
}

void put(JsonOut& out, const Incident& incident) {
  out.begin_object();
  out.field("cause", to_string(incident.cause));
  out.field("confidence", to_string(incident.confidence));
  out.field("at", incident.at.value);
  put(out, incident.who);
  out.field("evidence", incident.evidence);
  put_numbers(out, "rebalances", incident.rebalances);
  number_if(out, "needed_ms", incident.needed_ms);
  if (incident.needed_ms >= 0) out.field("needed_more", incident.needed_more);
  number_if(out, "batch_records", incident.batch_records);
  number_if(out, "back_ms", incident.back_ms);
  number_if(out, "up_ms", incident.up_ms);
  number_if(out, "unserved_ms", incident.unserved_ms);
  number_if(out, "read_again_max", incident.read_again_max);
  number_if(out, "read_again_min", incident.read_again_min);
  out.field_if("topics", incident.topics);
  out.field_if("topics_gone", incident.topics_gone);
  out.field_if("assignors_offered", incident.offered);
  out.field_if("assignors_wanted", incident.wanted);
  out.end_object();
}

void put(JsonOut& out, const Finding& finding) {
  out.begin_object();
  out.field("cause", to_string(finding.cause));
  out.field("title", finding.title);
  out.field("confidence", to_string(finding.confidence));
  out.field("rebalances", finding.rebalances);
  put_numbers(out, "incidents", finding.incidents);
  out.field("paused_ms", finding.paused_ms);
  out.field("unserved_ms", finding.unserved_ms);
  number_if(out, "read_again_max", finding.read_again_max);
  out.field("who", finding.who);
  out.field("why", finding.why);
  out.field("changes", finding.changes);
  out.end_object();
}

void put(JsonOut& out, const ExplainedRebalance& each) {
  out.begin_object();
  out.field("began", each.what.began.value);
  out.key("ended");
  each.what.ended ? out.value(each.what.ended->value) : out.null();
  out.field("from_generation", each.what.from_generation);
  out.field("to_generation", each.what.to_generation);
  out.field("members_before", each.what.members_before);
  out.field("members_after", each.what.members_after);
  out.field("assignor", each.what.protocol);
  put_numbers(out, "incidents", each.incidents);
  out.end_object();
}

void put(JsonOut& out, const WhatIf& what) {
  out.key("what_if");
  out.begin_object();
  out.field("added", what.added);
  out.field_if("leaving", what.leaving);
  out.field("partitions", what.partitions);
  out.key("plans");
  out.begin_array();
  for (const WhatIfPlan& plan : what.plans) {
    out.begin_object();
    out.field("assignor", plan.assignor);
    out.field("in_use", plan.in_use);
    out.field("stops_all", plan.stops_all);
    out.field("moves", plan.moves);
    out.key("members");
    out.begin_array();
    for (const WhatIfMember& member : plan.members) {
      out.begin_object();
      out.field("member", member.name);
      put(out, "has", member.has);
      put(out, "gets", member.gets);
      put(out, "gives_up", member.gives_up);
      out.end_object();
    }
    out.end_array();
    out.end_object();
  }
  out.end_array();
  out.end_object();
}

void put(JsonOut& out, const GroupNow& group) {
  out.field("group", group.id);
  out.field("state", group.state);
  out.field_if("leader", group.leader);
  out.field("assignor", group.assignor);
  out.field("protocol", group.consumer_protocol ? "consumer" : "classic");
  number_if(out, "generation", group.generation);
  out.key("members");
  out.begin_array();
  for (const RebalanceMember& member : group.members) {
    out.begin_object();
    out.field("member", member.id);
    out.field_if("instance", member.instance_id);
    out.field("client", member.client_id);
    out.field("host", member.client_host);
    out.field("topics", member.topics);
    put(out, "assigned", member.assigned);
    out.end_object();
  }
  out.end_array();
}

}  // namespace

std::string report_json(const GroupNow& group, const Diagnosis& diagnosis, const std::optional<WhatIf>& what) {
  JsonOut out;
  out.begin_object();
  put(out, group);
  out.field("since", diagnosis.from.value);
  out.field("until", diagnosis.until.value);
  out.field("paused_ms", diagnosis.paused_ms());
  out.key("findings");
  out.begin_array();
  for (const Finding& each : diagnosis.findings) put(out, each);
  out.end_array();
  out.key("incidents");
  out.begin_array();
  for (const Incident& each : diagnosis.incidents) put(out, each);
  out.end_array();
  out.key("rebalances");
  out.begin_array();
  for (const ExplainedRebalance& each : diagnosis.rebalances) put(out, each);
  out.end_array();
  if (what) put(out, *what);
  out.field_if("cannot_know", diagnosis.limits);
  if (diagnosis.dropped > 0) out.field("facts_dropped", diagnosis.dropped);
  out.end_object();
  return out.text() + "\n";
}

}  // namespace leat
