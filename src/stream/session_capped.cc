#include <algorithm>
#include <map>

#include "stream/aggregates/state_codec.h"
#include "stream/session_operator.h"

namespace leat {
namespace {

// State records, beside the progress ("w").
constexpr char kCurrent = 'c';  // group key -> start, last, number, states
constexpr char kWaiting = 'p';  // time, group key -> number, states

// The sessions of a key. Rows wait until the watermark passes them, those of one time as one; then they join the
// current session or begin the next, so a session always grows forward and its maximum length means the same in any
// order of arrival. Here a Session's end_ms is the time of its last row.
struct KeyState {
  Session* current = nullptr;
  std::map<int64_t, Session*> waiting;  // By time.
  int64_t timer_ms;  // When the watermark next matters to it; of several timers, the one that counts.
};

class KeyLayout final : public GroupLayout {
 public:
  KeyLayout() {
    prototype.assign(sizeof(KeyState*), '\0');
    trivial = false;
  }
  void destroy(char* states) const override { delete of(states); }
  static KeyState*& of(char* states) { return *reinterpret_cast<KeyState**>(states); }
  static const KeyState* of(const char* states) { return *reinterpret_cast<const KeyState* const*>(states); }
};

class CappedSessions final : public SessionOperator {
 public:
  explicit CappedSessions(SessionParts parts) : SessionOperator(std::move(parts), std::make_unique<KeyLayout>()) {}

  Status checkpoint(StateWriter& writer) override {
    CHECK(closed_.empty());  // The watermark that closed them has been here: checkpoints are taken between batches.
    write_progress(writer);
    auto write = [&](Session& session) { put(writer, session); };
    if (writer.full()) {
      sessions_.take_dirty([](Session&) {});
      sessions_.for_each(write);
    } else {
      sessions_.take_dirty(write);
    }
    return {};
  }
  Status restore(BytesView key, std::optional<BytesView> value) override;
  uint64_t state_bytes() const override {
    return keys_.bytes() + keys_.size() * sizeof(KeyState) + sessions_.bytes() + timers_.capacity() * sizeof(Timer);
  }

 protected:
  bool has_sessions(const Group& group) const override {
    const KeyState* state = KeyLayout::of(group.states());
    if (state == nullptr) return false;
    // While a timer is set, what it closed may not have been emitted yet.
    return state->current != nullptr || !state->waiting.empty() || state->timer_ms != kMaxEventTime.value;
  }

  Session* place(const Batch& batch, uint32_t row, Group* group, int64_t time, int64_t watermark) override {
    KeyState& mine = of(*group);
    if (time <= watermark) {
      advance(mine, watermark);
      Session* current = mine.current;
      if (current == nullptr || time < current->start_ms || time >= window_end(*current)) {
        report(batch, row, {time, time + std::min(parts_.window.size_ms, parts_.window.max_duration_ms)});
        return nullptr;
      }
      current->end_ms = std::max(current->end_ms, time);
      return current;
    }
    auto [at, added] = mine.waiting.try_emplace(time, nullptr);
    if (added) {
      at->second = sessions_.make(group, time, time, arrivals_);
      at->second->waiting = true;
      schedule(group, mine);
    }
    return at->second;
  }

  Status fire(int64_t watermark) override {
    while (Group* group = next_due(watermark)) {
      KeyState& state = of(*group);
      advance(state, watermark);
      if (!has_sessions(*group)) gone_.push_back(group);
      schedule(group, state);
    }
    std::sort(closed_.begin(), closed_.end(), [this](Session* a, Session* b) {
      return std::pair(window_end(*a), a->number) < std::pair(window_end(*b), b->number);
    });
    for (Session* session : closed_) {
      TRY(output().add({session->start_ms, window_end(*session)}, session->group->key, session->states()));
    }
    return {};
  }

  void settle() override {
    for (Session* session : closed_) sessions_.release(session);
    closed_.clear();
    for (Group* group : gone_) keys_.erase(group);
    gone_.clear();
  }

 private:
  struct Timer {
    int64_t at_ms;
    Group* group;
    bool operator<(const Timer& other) const { return at_ms > other.at_ms; }  // The first on top of the heap.
  };

  static KeyState& of(Group& group) {
    KeyState*& state = KeyLayout::of(group.states());
    if (state == nullptr) state = new KeyState{nullptr, {}, kMaxEventTime.value};
    return *state;
  }
  int64_t window_end(const Session& session) const {
    return std::min(session.end_ms + parts_.window.size_ms, session.start_ms + parts_.window.max_duration_ms);
  }
  int64_t next_time(const KeyState& state) const {
    int64_t next = kMaxEventTime.value;
    if (!state.waiting.empty()) next = state.waiting.begin()->first;
    if (state.current != nullptr) next = std::min(next, window_end(*state.current) - 1);
    return next;
  }
  void schedule(Group* group, KeyState& state) {
    int64_t at = next_time(state);
    if (at >= state.timer_ms) return;
    state.timer_ms = at;
    timers_.push_back({at, group});
    std::push_heap(timers_.begin(), timers_.end());
  }

  // Takes the timer of the next key to which the watermark matters. Timers that no longer count are passed over; one
  // whose group went and whose memory holds another group does no harm.
  Group* next_due(int64_t watermark) {
    while (!timers_.empty() && timers_.front().at_ms <= watermark) {
      Timer timer = timers_.front();
      std::pop_heap(timers_.begin(), timers_.end());
      timers_.pop_back();
      if (timer.group->key.tag() == GroupKey::kFree || of(*timer.group).timer_ms != timer.at_ms) continue;
      of(*timer.group).timer_ms = kMaxEventTime.value;
      return timer.group;
    }
    return nullptr;
  }

  // Takes the rows that the watermark has passed out of waiting, and closes what it closes.
  void advance(KeyState& state, int64_t watermark) {
    if (next_time(state) > watermark) return;
    fold();
    while (!state.waiting.empty() && state.waiting.begin()->first <= watermark) {
      Session* next = state.waiting.begin()->second;
      state.waiting.erase(state.waiting.begin());
      Session* current = state.current;
      bool joins = current != nullptr && next->start_ms <= current->end_ms + parts_.window.size_ms &&
                   next->start_ms < current->start_ms + parts_.window.max_duration_ms;
      if (joins) {
        parts_.aggregates->merge(current->states(), next->states());
        current->end_ms = next->start_ms;
        sessions_.release(next);
        sessions_.touch(current);
        continue;
      }
      if (current != nullptr) closed_.push_back(current);
      state.current = next;
      next->waiting = false;
      sessions_.touch(next);
    }
    if (state.current != nullptr && window_end(*state.current) - 1 <= watermark) {
      closed_.push_back(state.current);
      state.current = nullptr;
    }
  }

  void forget_until(int64_t watermark);

  void put(StateWriter& writer, Session& session) {
    Bytes key(1, session.waiting ? kWaiting : kCurrent), value;
    if (session.waiting) {
      put_signed(key, session.start_ms);
    } else {
      put_signed(value, session.start_ms);
      put_signed(value, session.end_ms - session.start_ms);
    }
    GroupKeyCodec::append(session.group->key, key);
    put_varint(value, session.number);
    parts_.aggregates->encode(session.states(), value);
    writer.put(key, value);
  }

  std::vector<Timer> timers_;  // A heap.
  std::vector<Session*> closed_;
  std::vector<Group*> gone_;
};

Status CappedSessions::restore(BytesView key, std::optional<BytesView> value) {
  CHECK(!key.empty() && value);
  char kind = key.front();
  if (kind != kCurrent && kind != kWaiting) {
    read_progress(*value);
    forget_until(fired_ms_);
    return {};
  }
  key.remove_prefix(1);
  int64_t start = take_signed(kind == kWaiting ? key : *value);
  int64_t end = kind == kWaiting ? start : start + take_signed(*value);
  uint64_t number = take_varint(*value);
  GroupKey group_key = GroupKeyCodec::parse(key);
  Group* group = keys_.find_or_add(group_key, group_key.hash());
  KeyState& state = of(*group);
  Session*& place = kind == kWaiting ? state.waiting[start] : state.current;
  if (place != nullptr) sessions_.release(place);
  place = sessions_.make(group, start, end, number);
  place->stored = true;
  place->waiting = kind == kWaiting;
  parts_.aggregates->decode(place->states(), *value);
  schedule(group, state);
  return {};
}

// What the watermark passed before the checkpoint: it was emitted, or follows as part of a current session.
void CappedSessions::forget_until(int64_t watermark) {
  while (Group* group = next_due(watermark)) {
    KeyState& state = of(*group);
    while (!state.waiting.empty() && state.waiting.begin()->first <= watermark) {
      sessions_.release(state.waiting.begin()->second);
      state.waiting.erase(state.waiting.begin());
    }
    if (state.current != nullptr && window_end(*state.current) - 1 <= watermark) {
      sessions_.release(state.current);
      state.current = nullptr;
    }
    if (has_sessions(*group)) {
      schedule(group, state);
    } else {
      keys_.erase(group);
    }
  }
}

}  // namespace

OperatorPtr make_capped_sessions(SessionParts parts) {
  return std::make_unique<CappedSessions>(std::move(parts));
}

}  // namespace leat
