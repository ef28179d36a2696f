#include <algorithm>
#include <map>
#include <unordered_map>

#include "stream/aggregates/state_codec.h"
#include "stream/session_operator.h"

namespace leat {
namespace {

// State records, beside the progress ("w"): 's', number -> start, length, group key, states.
constexpr char kSession = 's';

// The sessions of a key: mostly one, so a word that is its address; else the address of a map by start, plus one. One
// that is closed and not emitted yet may begin where an open one does.
class KeySessions {
 public:
  using Map = std::multimap<int64_t, Session*>;

  bool empty() const { return word_ == 0; }
  Session* single() const { return is_map() ? nullptr : reinterpret_cast<Session*>(word_); }
  Map& map() const { return *reinterpret_cast<Map*>(word_ - 1); }
  bool is_map() const { return (word_ & 1) != 0; }

  void insert(Session* session) {
    if (empty()) {
      word_ = reinterpret_cast<uint64_t>(session);
      return;
    }
    if (!is_map()) {
      Session* other = single();
      word_ = reinterpret_cast<uint64_t>(new Map{{other->start_ms, other}}) + 1;
    }
    map().emplace(session->start_ms, session);
  }
  void remove(Session* session) {
    if (!is_map()) {
      CHECK(single() == session);
      word_ = 0;
      return;
    }
    map().erase(find(session));
    if (map().size() > 1) return;
    Session* left = map().begin()->second;
    delete &map();
    word_ = reinterpret_cast<uint64_t>(left);
  }
  Map::iterator find(const Session* session) const {
    auto at = map().lower_bound(session->start_ms);
    while (at->second != session) ++at;
    return at;
  }
  void clear() {
    if (is_map()) delete &map();
    word_ = 0;
  }

 private:
  uint64_t word_ = 0;
};

class SessionKeyLayout final : public GroupLayout {
 public:
  SessionKeyLayout() {
    prototype.assign(sizeof(KeySessions), '\0');
    trivial = false;
  }
  void destroy(char* states) const override { reinterpret_cast<KeySessions*>(states)->clear(); }
};

// Sessions by a gap alone: a row makes one, and those that touch become one, however the rows arrive.
class GapSessions final : public SessionOperator {
 public:
  explicit GapSessions(SessionParts parts) : SessionOperator(std::move(parts), std::make_unique<SessionKeyLayout>()) {}

  Status checkpoint(StateWriter& writer) override {
    write_progress(writer);
    for (uint64_t number : erased_) writer.erase(record_key(number));
    erased_.clear();
    auto write = [&](Session& session) {
      writer.put(record_key(session.number), record_value(session));
      session.stored = true;
    };
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
    return keys_.bytes() + sessions_.bytes() + timers_.capacity() * sizeof(Timer);
  }

 protected:
  bool has_sessions(const Group& group) const override { return !of(group).empty(); }

  Session* place(const Batch& batch, uint32_t row, Group* group, int64_t time, int64_t watermark) override {
    if (!restored_.empty()) restored_ = {};
    KeySessions& mine = of(*group);
    int64_t end = time + parts_.window.size_ms;
    auto [first, second] = touching(mine, time, end, watermark);
    if (first == nullptr) {
      if (end - 1 <= watermark) {
        report(batch, row, {time, end});
        return nullptr;
      }
      Session* session = sessions_.make(group, time, end, arrivals_);
      mine.insert(session);
      schedule(session);
      return session;
    }
    if (second != nullptr) first = join(mine, first, second);
    if (time < first->start_ms) {
      move_start(mine, first, time);
    }
    first->end_ms = std::max(first->end_ms, end);
    return first;
  }

  Status fire(int64_t watermark) override {
    while (Session* session = next_due(watermark)) {
      TRY(output().add({session->start_ms, session->end_ms}, session->group->key, session->states()));
      fired_.push_back(session);
    }
    return {};
  }

  void settle() override {
    for (Session* session : fired_) drop(session);
    fired_.clear();
  }

 private:
  // A session has one timer, which may be earlier than its end: it is set again when it comes up.
  struct Timer {
    int64_t at_ms;
    uint64_t number;
    Session* session;
    bool operator<(const Timer& other) const {  // The first on top of the heap.
      return at_ms != other.at_ms ? at_ms > other.at_ms : number > other.number;
    }
  };

  static KeySessions& of(Group& group) { return *reinterpret_cast<KeySessions*>(group.states()); }
  static const KeySessions& of(const Group& group) { return *reinterpret_cast<const KeySessions*>(group.states()); }

  // The open sessions that touch [time, end]: at most two, since they are a gap apart and each is at least a gap long.
  // One whose last millisecond the watermark has reached is closed, even if it has not been emitted yet.
  static std::pair<Session*, Session*> touching(const KeySessions& mine, int64_t time, int64_t end, int64_t watermark) {
    auto touches = [&](const Session& session) {
      return session.start_ms <= end && session.end_ms >= time && session.end_ms - 1 > watermark;
    };
    if (mine.empty()) return {};
    if (!mine.is_map()) return {touches(*mine.single()) ? mine.single() : nullptr, nullptr};
    Session* found[2] = {};
    size_t count = 0;
    auto& map = mine.map();
    for (auto at = map.upper_bound(end); at != map.begin() && count < 2;) {
      --at;
      if (at->second->end_ms - 1 <= watermark) continue;  // Closed: it may stand among open ones.
      if (!touches(*at->second)) break;
      found[count++] = at->second;
    }
    return {found[0], found[1]};
  }

  // Two sessions become one, the one that began first by arrival.
  Session* join(KeySessions& mine, Session* a, Session* b) {
    fold();
    if (a->number > b->number) std::swap(a, b);
    int64_t start = std::min(a->start_ms, b->start_ms);
    int64_t end = std::max(a->end_ms, b->end_ms);
    parts_.aggregates->merge(a->states(), b->states());
    if (b->stored) erased_.push_back(b->number);
    mine.remove(b);
    sessions_.release(b);
    if (start < a->start_ms) move_start(mine, a, start);
    a->end_ms = end;
    return a;
  }

  static void move_start(KeySessions& mine, Session* session, int64_t start) {
    if (!mine.is_map()) {
      session->start_ms = start;
      return;
    }
    auto node = mine.map().extract(mine.find(session));
    session->start_ms = start;
    node.key() = start;
    mine.map().insert(std::move(node));
  }

  void schedule(Session* session) {
    timers_.push_back({session->end_ms, session->number, session});
    std::push_heap(timers_.begin(), timers_.end());
  }

  // Takes the timer of the next session that the watermark closes.
  Session* next_due(int64_t watermark) {
    while (!timers_.empty() && timers_.front().at_ms - 1 <= watermark) {
      Timer timer = timers_.front();
      std::pop_heap(timers_.begin(), timers_.end());
      timers_.pop_back();
      if (timer.session->number != timer.number) continue;  // Became part of another.
      if (timer.session->end_ms - 1 <= watermark && timer.session->end_ms == timer.at_ms) return timer.session;
      schedule(timer.session);
    }
    return nullptr;
  }

  void drop(Session* session) {
    Group* group = session->group;
    of(*group).remove(session);
    sessions_.release(session);
    if (of(*group).empty()) keys_.erase(group);
  }

  static Bytes record_key(uint64_t number) {
    Bytes key(1, kSession);
    put_varint(key, number);
    return key;
  }
  Bytes record_value(Session& session) const {
    Bytes value, key;
    put_signed(value, session.start_ms);
    put_signed(value, session.end_ms - session.start_ms);
    GroupKeyCodec::append(session.group->key, key);
    put_bytes(value, key);
    parts_.aggregates->encode(session.states(), value);
    return value;
  }

  std::vector<Timer> timers_;  // A heap.
  std::vector<Session*> fired_;
  std::vector<uint64_t> erased_;                     // Sessions that a checkpoint has and that became part of others.
  std::unordered_map<uint64_t, Session*> restored_;  // By number, until the first row.
};

Status GapSessions::restore(BytesView key, std::optional<BytesView> value) {
  CHECK(!key.empty());
  if (key.front() != kSession) {
    read_progress(*value);
    while (Session* session = next_due(fired_ms_)) {
      restored_.erase(session->number);
      drop(session);
    }
    return {};
  }
  key.remove_prefix(1);
  uint64_t number = take_varint(key);
  auto known = restored_.find(number);
  if (!value) {
    if (known == restored_.end()) return {};
    drop(known->second);
    restored_.erase(known);
    return {};
  }
  int64_t start = take_signed(*value), end = start + take_signed(*value);
  GroupKey group_key = GroupKeyCodec::parse(take_bytes(*value));
  if (known != restored_.end()) {
    // Its timer stays: it is not later than the end.
    Session* session = known->second;
    KeySessions& mine = of(*session->group);
    mine.remove(session);
    session->start_ms = start;
    session->end_ms = end;
    mine.insert(session);
    parts_.aggregates->decode(session->states(), *value);
    return {};
  }
  Group* group = keys_.find_or_add(group_key, group_key.hash());
  Session* session = sessions_.make(group, start, end, number);
  session->stored = true;
  parts_.aggregates->decode(session->states(), *value);
  of(*group).insert(session);
  schedule(session);
  restored_.emplace(number, session);
  return {};
}

}  // namespace

OperatorPtr make_gap_sessions(SessionParts parts) {
  return std::make_unique<GapSessions>(std::move(parts));
}

}  // namespace leat
