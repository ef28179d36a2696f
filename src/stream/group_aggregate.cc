#include <deque>
#include <optional>

#include "stream/aggregates/state_codec.h"
#include "stream/group_results.h"
#include "stream/operators.h"

namespace leat {
namespace {

// What a group needs beside its aggregates, if its input updates or its state expires.
struct GroupHeader {
  int64_t rows = 0;        // Added less retracted; at 0 the group is gone.
  int64_t written_ms = 0;  // Wall time of the last change.
  int64_t expires_ms = 0;  // When the queue looks at it next.
};

class GroupStates final : public GroupLayout {
 public:
  GroupStates(const AggregateSet& aggregates, bool with_header)
      : aggregates_(aggregates), header_bytes_(with_header ? sizeof(GroupHeader) : 0) {
    prototype = Bytes(header_bytes_, '\0') + aggregates.prototype;
    trivial = aggregates.trivial;
  }
  void destroy(char* states) const override { aggregates_.destroy(states + header_bytes_); }
  bool has_header() const { return header_bytes_ != 0; }
  char* aggregates(Group& group) const { return group.states() + header_bytes_; }
  static GroupHeader& header(Group& group) { return *reinterpret_cast<GroupHeader*>(group.states()); }

 private:
  const AggregateSet& aggregates_;
  size_t header_bytes_;
};

// As Flink's GroupAggFunction, row by row.
class GroupAggregate final : public Operator {
 public:
  GroupAggregate(GroupAggregateSpec spec, std::unique_ptr<AggregateSet> aggregates)
      : spec_(std::move(spec)),
        aggregates_(std::move(aggregates)),
        codec_(spec_.keys, spec_.input),
        states_(*aggregates_, spec_.input_updates || spec_.state_ttl_ms > 0),
        groups_(states_),
        results_(spec_.output, codec_, *aggregates_, spec_.emit_update_before) {}

  Status process(int, const Batch& batch, Output& out) override {
    if (spec_.state_ttl_ms > 0) expire();
    codec_.encode(batch);
    results_.begin(out, batch);
    for (uint32_t row = 0; row < batch.rows; ++row) {
      if (row % kLookahead == 0) groups_.warm(codec_, row, std::min(batch.rows, row + kLookahead));
      TRY(change(batch, row));
    }
    context().account.passed += batch.rows;
    return results_.flush();
  }

  Status on_watermark(EventTime, Output&) override {
    if (spec_.state_ttl_ms > 0) expire();
    return {};
  }

  Status checkpoint(StateWriter& writer) override {
    for (const Bytes& key : erased_) writer.erase(key);
    erased_.clear();
    auto write = [&](Group& group) {
      group.mark(Group::kStored);
      writer.put(record_key(group), record_value(group));
    };
    if (writer.full()) {
      groups_.take_dirty([](Group&) {});
      groups_.for_each(write);
    } else {
      groups_.take_dirty(write);
    }
    return {};
  }

  Status restore(BytesView key, std::optional<BytesView> value) override {
    GroupKey group_key = GroupKeyCodec::parse(key);
    uint64_t hash = group_key.hash();
    if (!value) {
      if (Group* group = groups_.find(group_key, hash)) groups_.erase(group);
      return {};
    }
    Group* group = groups_.find_or_add(group_key, hash);
    group->mark(Group::kStored);
    if (states_.has_header()) {
      GroupHeader& header = GroupStates::header(*group);
      header.rows = take_signed(*value);
      header.written_ms = take_signed(*value);
      enqueue(*group);
    }
    aggregates_->decode(states_.aggregates(*group), *value);
    return {};
  }

  uint64_t state_bytes() const override { return groups_.bytes(); }

 private:
  static constexpr uint32_t kLookahead = 64;

  Status change(const Batch& batch, uint32_t row) {
    const GroupKey& key = codec_.keys()[row];
    bool adding = adds(batch.kind(row));
    Group* group = groups_.find(key, codec_.hashes()[row]);
    if (group != nullptr && expired(*group)) {
      forget(group);
      group = nullptr;
    }
    bool first = group == nullptr;
    if (first) {
      if (!adding) return {};  // Takes back what never came, or has expired.
      group = groups_.find_or_add(key, codec_.hashes()[row]);
    }
    char* states = states_.aggregates(*group);
    if (!first) TRY(results_.before(group->key, states));
    if (adding) {
      aggregates_->add({&states, 1}, batch, {&row, 1});
    } else {
      aggregates_->retract({&states, 1}, batch, {&row, 1});
    }
    if (states_.has_header() && touch_header(*group, adding)) {
      results_.deleted(row);
      forget(group);
      return {};
    }
    groups_.touch(group);
    if (first) return results_.inserted(group->key, states, row);
    results_.updated(group->key, states, row, spec_.state_ttl_ms <= 0);
    return {};
  }

  // Whether the group's last row went.
  bool touch_header(Group& group, bool adding) {
    GroupHeader& header = GroupStates::header(group);
    header.rows += adding ? 1 : -1;
    header.written_ms = now_ms_;
    if (header.expires_ms == 0) enqueue(group);
    return header.rows == 0 && spec_.input_updates;
  }

  void enqueue(Group& group) {
    if (spec_.state_ttl_ms <= 0) return;
    GroupHeader& header = GroupStates::header(group);
    header.expires_ms = header.written_ms + spec_.state_ttl_ms;
    expiries_.push_back({header.expires_ms, &group});
  }

  bool expired(Group& group) const {
    return spec_.state_ttl_ms > 0 && GroupStates::header(group).written_ms + spec_.state_ttl_ms <= now_ms_;
  }

  // Each group is in the queue once, and is looked at again when it would have expired had it not changed since. An
  // entry whose group went, or whose memory holds another group now, does not match and is dropped.
  void expire() {
    now_ms_ = context().settings.wall_micros() / 1000;
    while (!expiries_.empty() && expiries_.front().first <= now_ms_) {
      auto [at, group] = expiries_.front();
      expiries_.pop_front();
      if (group->key.tag() == GroupKey::kFree || GroupStates::header(*group).expires_ms != at) continue;
      if (expired(*group)) {
        forget(group);
      } else {
        enqueue(*group);
      }
    }
  }

  void forget(Group* group) {
    if (group->marked(Group::kStored)) erased_.push_back(record_key(*group));
    groups_.erase(group);
  }

  Bytes record_key(const Group& group) const {
    Bytes key;
    GroupKeyCodec::append(group.key, key);
    return key;
  }
  Bytes record_value(Group& group) const {
    Bytes value;
    if (states_.has_header()) {
      put_signed(value, GroupStates::header(group).rows);
      put_signed(value, GroupStates::header(group).written_ms);
    }
    aggregates_->encode(states_.aggregates(group), value);
    return value;
  }

  GroupAggregateSpec spec_;
  std::unique_ptr<AggregateSet> aggregates_;
  GroupKeyCodec codec_;
  GroupStates states_;
  GroupTable groups_;
  GroupResults results_;
  std::vector<Bytes> erased_;  // Keys of groups that a checkpoint has and that are gone.
  std::deque<std::pair<int64_t, Group*>> expiries_;
  int64_t now_ms_ = 0;
};

}  // namespace

Result<OperatorPtr> make_group_aggregate(GroupAggregateSpec spec) {
  TRY_ASSIGN(auto aggregates, AggregateSet::make(spec.calls, spec.input, spec.input_updates));
  return OperatorPtr(std::make_unique<GroupAggregate>(std::move(spec), std::move(aggregates)));
}

}  // namespace leat
