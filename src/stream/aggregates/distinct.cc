#include <algorithm>

#include "stream/aggregates/fold.h"
#include "stream/aggregates/makers.h"
#include "stream/group_table.h"

namespace leat {
namespace {

// An aggregate over the distinct values of its arguments. A state is the set of the values seen (a group table whose
// groups are the values; over an updating input with how often each is there), then the inner aggregate's state.
class Distinct final : public Aggregate {
 public:
  Distinct(std::unique_ptr<Aggregate> inner, const AggregateCall& call, const Schema& input, bool retracting)
      : inner_(std::move(inner)), arguments_(call.args), filter_(call.filter), codec_(call.args, input) {
    if (retracting) layout_.prototype.assign(sizeof(int64_t), '\0');
    for (uint32_t argument : arguments_) types_.push_back(input[argument].type);
  }

  size_t state_bytes() const override { return sizeof(GroupTable*) + inner_->state_bytes(); }
  void init(char* state) const override {
    set(state) = nullptr;
    inner_->init(state + kInner);
  }
  bool trivial() const override { return false; }
  void destroy(char* state) const override {
    delete set(state);
    inner_->destroy(state + kInner);
  }

  void add(std::span<char* const> states, size_t offset, const Batch& batch, Selection rows) const override {
    codec_.encode(batch);
    changed_rows_.clear();
    changed_states_.clear();
    visit_rows(batch, rows, -1, filter_, [&](size_t i, uint32_t row) {
      char* state = states[i] + offset;
      bool added = false;
      Group* value = values_of(state).find_or_add(codec_.keys()[row], codec_.hashes()[row], &added);
      if (counts()) ++count(value);
      if (added) change(state, row);
    });
    inner_->add(changed_states_, kInner, batch, changed_rows_);
  }

  void retract(std::span<char* const> states, size_t offset, const Batch& batch, Selection rows) const override {
    CHECK(counts());
    codec_.encode(batch);
    changed_rows_.clear();
    changed_states_.clear();
    visit_rows(batch, rows, -1, filter_, [&](size_t i, uint32_t row) {
      char* state = states[i] + offset;
      Group* value = values_of(state).find(codec_.keys()[row], codec_.hashes()[row]);
      if (value == nullptr) return;  // Never came.
      if (--count(value) > 0) return;
      set(state)->erase(value);
      change(state, row);
    });
    inner_->retract(changed_states_, kInner, batch, changed_rows_);
  }

  void merge(char* into, const char* from) const override {
    const GroupTable* theirs = set(from);
    if (theirs == nullptr) return;
    std::vector<const GroupKey*> fresh;
    theirs->for_each([&](const Group& value) {
      bool added = false;
      Group* mine = values_of(into).find_or_add(value.key, value.key.hash(), &added);
      if (counts()) count(mine) += count(&value);
      if (!added) return;
      fresh.push_back(&value.key);
      if (fresh.size() == kBatchRowsMax) add_values(into, fresh);
    });
    add_values(into, fresh);
  }

  void result(const char* state, Column& out, uint32_t row) const override { inner_->result(state + kInner, out, row); }

  void encode(const char* state, Bytes& out) const override {
    const GroupTable* values = set(state);
    put_varint(out, values == nullptr ? 0 : values->size());
    if (values != nullptr) {
      Bytes key;
      values->for_each([&](const Group& value) {
        key.clear();
        GroupKeyCodec::append(value.key, key);
        put_bytes(out, key);
        if (counts()) put_signed(out, count(&value));
      });
    }
    inner_->encode(state + kInner, out);
  }
  void decode(char* state, BytesView& in) const override {
    for (uint64_t left = take_varint(in); left > 0; --left) {
      GroupKey key = GroupKeyCodec::parse(take_bytes(in));
      Group* value = values_of(state).find_or_add(key, key.hash());
      if (counts()) count(value) = take_signed(in);
    }
    inner_->decode(state + kInner, in);
  }
  uint64_t heap_bytes(const char* state) const override {
    return (set(state) == nullptr ? 0 : set(state)->bytes()) + inner_->heap_bytes(state + kInner);
  }

 private:
  static constexpr size_t kInner = sizeof(GroupTable*);
  static GroupTable*& set(char* state) { return *reinterpret_cast<GroupTable**>(state); }
  static const GroupTable* set(const char* state) { return *reinterpret_cast<const GroupTable* const*>(state); }
  static int64_t& count(Group* value) { return *reinterpret_cast<int64_t*>(value->states()); }
  static int64_t count(const Group* value) { return *reinterpret_cast<const int64_t*>(value->states()); }
  bool counts() const { return !layout_.prototype.empty(); }

  GroupTable& values_of(char* state) const {
    if (set(state) == nullptr) set(state) = new GroupTable(layout_);
    return *set(state);
  }
  void change(char* state, uint32_t row) const {
    changed_states_.push_back(state);
    changed_rows_.push_back(row);
  }
  // The inner aggregate only reads batches, so values that come from another set are put into one.
  void add_values(char* into, std::vector<const GroupKey*>& keys) const {
    if (keys.empty()) return;
    auto rows = static_cast<uint32_t>(keys.size());
    std::vector<std::shared_ptr<Column>> columns;
    for (const DataType& type : types_) columns.push_back(std::make_shared<Column>(type, rows));
    for (uint32_t row = 0; row < rows; ++row) codec_.decode(*keys[row], columns, row);
    Batch batch;
    batch.rows = rows;
    batch.columns.resize(*std::max_element(arguments_.begin(), arguments_.end()) + 1);
    for (size_t i = 0; i < arguments_.size(); ++i) batch.columns[arguments_[i]] = columns[i];
    std::vector<char*> states(rows, into);
    std::vector<uint32_t> all(rows);
    for (uint32_t row = 0; row < rows; ++row) all[row] = row;
    inner_->add(states, kInner, batch, all);
    keys.clear();
  }

  std::unique_ptr<Aggregate> inner_;
  std::vector<uint32_t> arguments_;
  std::vector<DataType> types_;
  int32_t filter_;
  GroupLayout layout_;
  // Scratch space of one call.
  mutable GroupKeyCodec codec_;
  mutable std::vector<uint32_t> changed_rows_;
  mutable std::vector<char*> changed_states_;
};

}  // namespace

std::unique_ptr<Aggregate> make_distinct(std::unique_ptr<Aggregate> inner, const AggregateCall& call,
                                         const Schema& input, bool retracting) {
  return std::make_unique<Distinct>(std::move(inner), call, input, retracting);
}

}  // namespace leat
