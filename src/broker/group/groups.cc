#include "broker/group/groups.h"

#include <algorithm>

#include "broker/broker.h"
#include "broker/group/generation_codec.h"

namespace leat {

Status Groups::restore() {
  for (const auto& [id, bytes] : broker_.state().generations()) {
    TRY_ASSIGN(Generation generation, decode_generation(bytes));
    ClassicGroup& group = find_or_make(id);
    group.restore(generation, now());
    arm(group);
  }
  return {};
}

Groups::~Groups() = default;

ClassicGroup* Groups::find(const std::string& id) {
  auto found = groups_.find(id);
  if (found != groups_.end()) return found->second.get();
  return broker_.state().offsets().contains(id) ? &find_or_make(id) : nullptr;
}

ClassicGroup& Groups::find_or_make(const std::string& id) {
  auto& group = groups_[id];
  if (group == nullptr) group = std::make_unique<ClassicGroup>(id, broker_.settings().group, *this);
  return *group;
}

void Groups::forget(const std::string& id) {
  auto found = groups_.find(id);
  if (found == groups_.end()) return;
  found->second->die();
  groups_.erase(found);
  alarms_.erase(id);
  history_.erase(id);
}

Now Groups::now() const {
  return {broker_.monotonic(), broker_.wall()};
}

void Groups::arm(ClassicGroup& group) {
  Alarm& alarm = alarms_[group.id()];
  Instant next = group.next_deadline();
  if (next == alarm.at) return;
  alarm.at = next;
  alarm.timer.reset();
  if (next == kNever) return;
  constexpr int64_t kMillisecond = 1'000'000;
  int64_t delay_ms = std::max<int64_t>(0, (next.value - broker_.monotonic().value + kMillisecond - 1) / kMillisecond);
  alarm.timer = broker_.loop().after(delay_ms, [this, id = group.id()] {
    auto found = groups_.find(id);
    if (found == groups_.end()) return;
    // The timer is running: it must not be destroyed within its own call.
    auto running = std::shared_ptr<Loop::Timer>(std::move(alarms_[id].timer));
    broker_.loop().post([running] {});
    alarms_[id].at = kNever;
    found->second->advance(now());
    arm(*found->second);
  });
}

void Groups::save(const std::string& group, const Generation& generation,
                  std::function<void(protocol::ErrorCode)> done) {
  broker_.decide(
      [event = broker_event::GenerationSaved{group, encode_generation(generation)}](const BrokerState&, WallTime) {
        return Decision<BrokerEvent, Status>{{event}, {}};
      },
      [this, group, done = std::move(done)](const Status& outcome) {
        done(outcome ? protocol::ErrorCode::kNone : protocol::ErrorCode::kCoordinatorNotAvailable);
        auto found = groups_.find(group);
        if (found != groups_.end()) arm(*found->second);
      });
}

void Groups::rebalanced(const std::string& group, const Rebalance& rebalance) {
  auto& history = history_[group];
  if (history.size() == kHistoryMax) history.erase(history.begin());
  history.push_back(rebalance);
}

std::string Groups::new_member_id(const std::string& prefix) {
  Uuid id = broker_.random_uuid();
  std::string out = prefix + "-";
  static constexpr char kHex[] = "0123456789abcdef";
  for (size_t i = 0; i < id.bytes.size(); ++i) {
    if (i == 4 || i == 6 || i == 8 || i == 10) out += '-';
    out += kHex[id.bytes[i] >> 4];
    out += kHex[id.bytes[i] & 15];
  }
  return out;
}

}  // namespace leat
