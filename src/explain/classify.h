#pragma once
#include "explain/diagnosis.h"
#include "explain/timeline.h"

namespace leat {

// Names the cause of what a trigger or a fact tells, with the evidence and the numbers. Incident::at and ::who are set
// before; ::rebalances are the caller's.
void classify_departure(const Timeline&, const Timeline::Departure&, Incident&);
void classify_arrival(const Timeline&, const Timeline::Arrival&, Incident&);
// Of a member that was in the group and joined again.
void classify_rejoin(const Timeline&, size_t rebalance, const RebalanceTrigger&, Incident&);
void classify_taken(const InstanceTaken&, Incident&);
void classify_mismatch(const MemberRefused&, Incident&);
void classify_start(const Timeline&, const Timeline::Fact<CoordinatorStarted>&, Incident&);

// Sends heartbeats only from the application's own loop: there a slow handler looks like a frozen process.
bool beats_from_handlers(const std::string& software_name);
bool is_librdkafka(const std::string& software_name);
bool is_java(const std::string& software_name);

// Whether what a client gave as its reason contains this.
inline bool says(const std::string& reason, const char* what) {
  return reason.find(what) != std::string::npos;
}
inline void say(Incident& incident, std::string sentence) {
  incident.evidence.push_back(std::move(sentence));
}

}  // namespace leat
