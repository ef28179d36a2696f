#include <algorithm>
#include <map>
#include <set>

#include "stream/aggregates/state_codec.h"
#include "stream/operators.h"
#include "stream/sort_key.h"

namespace leat {
namespace {

struct Limits {
  int64_t offset, limit;  // limit -1: none.

  bool bounded() const { return limit >= 0; }
  size_t kept() const { return static_cast<size_t>(offset + limit); }
};

// Emits rows in order, within the limits, in full batches.
class Emitter {
 public:
  Emitter(Limits limits, const Schema& schema, Output& out) : limits_(limits), schema_(schema), out_(out) {}

  bool done() const { return limits_.bounded() && seen_ >= limits_.offset + limits_.limit; }
  Status row(BytesView row) {
    if (done()) return {};
    if (seen_++ < limits_.offset) return {};
    waiting_.push_back(row);
    return waiting_.size() == kBatchRowsMax ? flush() : Status{};
  }
  Status flush() {
    if (waiting_.empty()) return {};
    Batch batch = read_rows(waiting_, schema_);
    waiting_.clear();
    return out_.emit(std::move(batch));
  }

 private:
  Limits limits_;
  const Schema& schema_;
  Output& out_;
  int64_t seen_ = 0;
  std::vector<BytesView> waiting_;
};

// Insert-only input: all rows, or with a LIMIT the best of them; equal rows stay in order of arrival.
class Sort final : public Operator {
 public:
  Sort(std::vector<SortKey> keys, Limits limits, Schema schema)
      : keys_(std::move(keys)), limits_(limits), schema_(std::move(schema)) {}

  Status process(int, const Batch& batch, Output&) override {
    settle();
    for (uint32_t row = 0; row < batch.rows; ++row) {
      CHECK(batch.kind(row) == RowKind::kInsert);
      Entry entry;
      append_sort_key(keys_, batch, row, entry.key);
      entry.order = next_++;
      append_row(batch, row, entry.row);
      keep(std::move(entry));
    }
    return {};
  }

  Status on_end(Output& out) override {
    settle();
    std::sort(rows_.begin(), rows_.end());
    Emitter emitter(limits_, schema_, out);
    for (const Entry& entry : rows_) TRY(emitter.row(entry.row));
    TRY(emitter.flush());
    auto skipped = static_cast<int64_t>(std::min(rows_.size(), static_cast<size_t>(limits_.offset)));
    context().account.passed -= skipped;
    context().account.filtered += skipped;
    for (const Entry& entry : rows_) forget(entry);
    rows_.clear();
    stored_ = 0;
    return {};
  }

  // The order of arrival -> the sort key, the row.
  Status checkpoint(StateWriter& writer) override {
    settle();
    for (int64_t order : erased_) writer.erase(record_key(order));
    erased_.clear();
    for (size_t i = writer.full() || limits_.bounded() ? 0 : stored_; i < rows_.size(); ++i) {
      Entry& entry = rows_[i];
      if (entry.stored && !writer.full()) continue;
      Bytes value;
      put_bytes(value, entry.key);
      value.append(entry.row);
      writer.put(record_key(entry.order), value);
      entry.stored = true;
    }
    stored_ = rows_.size();
    return {};
  }

  Status restore(BytesView key, std::optional<BytesView> value) override {
    int64_t order = take_signed(key);
    restored_.erase(order);
    if (!value) return {};
    Entry entry;
    entry.key = Bytes(take_bytes(*value));
    entry.row = Bytes(*value);
    entry.order = order;
    entry.stored = true;
    restored_.emplace(order, std::move(entry));
    next_ = std::max(next_, order + 1);
    return {};
  }

  uint64_t state_bytes() const override { return rows_.size() * sizeof(Entry) + bytes_; }

 private:
  struct Entry {
    Bytes key, row;
    int64_t order = 0;
    bool stored = false;

    bool operator<(const Entry& other) const {
      int compared = key.compare(other.key);
      return compared != 0 ? compared < 0 : order < other.order;
    }
  };

  static Bytes record_key(int64_t order) {
    Bytes key;
    put_signed(key, order);
    return key;
  }

  // What was restored becomes the rows.
  void settle() {
    if (restored_.empty()) return;
    for (auto& [order, entry] : restored_) {
      bytes_ += entry.key.size() + entry.row.size();
      rows_.push_back(std::move(entry));
    }
    restored_.clear();
    stored_ = rows_.size();
    if (limits_.bounded()) std::make_heap(rows_.begin(), rows_.end());
  }

  void forget(const Entry& entry) {
    bytes_ -= entry.key.size() + entry.row.size();
    if (entry.stored) erased_.push_back(entry.order);
  }

  // With a LIMIT `rows_` is a heap whose first row is the worst of those kept.
  void keep(Entry entry) {
    ++context().account.passed;
    bytes_ += entry.key.size() + entry.row.size();
    rows_.push_back(std::move(entry));
    if (!limits_.bounded()) return;
    std::push_heap(rows_.begin(), rows_.end());
    if (rows_.size() <= limits_.kept()) return;
    std::pop_heap(rows_.begin(), rows_.end());
    forget(rows_.back());
    rows_.pop_back();
    --context().account.passed;
    ++context().account.filtered;
  }

  std::vector<SortKey> keys_;
  Limits limits_;
  Schema schema_;
  std::vector<Entry> rows_;
  int64_t next_ = 0;
  uint64_t bytes_ = 0;
  size_t stored_ = 0;  // Without a LIMIT: the first rows, which a checkpoint has.
  std::vector<int64_t> erased_;
  std::map<int64_t, Entry> restored_;
};

// Updating input: how often each row is there. Nothing can be left out, as what is best may be taken back.
class SortUpdates final : public Operator {
 public:
  SortUpdates(std::vector<SortKey> keys, Limits limits, Schema schema)
      : keys_(std::move(keys)), limits_(limits), schema_(std::move(schema)) {}

  Status process(int, const Batch& batch, Output&) override {
    for (uint32_t row = 0; row < batch.rows; ++row) {
      key_.clear();
      append_sort_key(keys_, batch, row, key_);
      size_t split = key_.size();
      append_row(batch, row, key_);
      change(split, adds(batch.kind(row)) ? 1 : -1);
    }
    context().account.passed += batch.rows;
    return {};
  }

  Status on_end(Output& out) override {
    Emitter emitter(limits_, schema_, out);
    for (const auto& [key, entry] : rows_) {
      BytesView row = BytesView(key).substr(entry.split);
      for (int64_t i = 0; i < entry.count && !emitter.done(); ++i) TRY(emitter.row(row));
    }
    TRY(emitter.flush());
    for (const auto& [key, entry] : rows_) changed_.insert(key);
    rows_.clear();
    return {};
  }

  // Sort key and row -> how often, and where the row begins.
  Status checkpoint(StateWriter& writer) override {
    for (const Bytes& key : changed_) {
      auto at = rows_.find(key);
      if (at == rows_.end()) {
        writer.erase(key);
      } else {
        put(writer, key, at->second);
      }
    }
    changed_.clear();
    if (!writer.full()) return {};
    for (const auto& [key, entry] : rows_) put(writer, key, entry);
    return {};
  }

  Status restore(BytesView key, std::optional<BytesView> value) override {
    if (!value) {
      rows_.erase(Bytes(key));
      return {};
    }
    Entry entry;
    entry.count = take_signed(*value);
    entry.split = take_varint(*value);
    rows_[Bytes(key)] = entry;
    return {};
  }

  uint64_t state_bytes() const override { return rows_.size() * 128; }

 private:
  struct Entry {
    int64_t count = 0;
    size_t split = 0;
  };

  static void put(StateWriter& writer, const Bytes& key, const Entry& entry) {
    Bytes value;
    put_signed(value, entry.count);
    put_varint(value, entry.split);
    writer.put(key, value);
  }

  void change(size_t split, int64_t by) {
    auto at = rows_.find(key_);
    if (at == rows_.end()) {
      if (by < 0) return;  // Takes back what never came.
      at = rows_.emplace(key_, Entry{0, split}).first;
    }
    at->second.count += by;
    if (at->second.count == 0) rows_.erase(at);
    changed_.insert(key_);
  }

  std::vector<SortKey> keys_;
  Limits limits_;
  Schema schema_;
  std::map<Bytes, Entry> rows_;
  std::set<Bytes> changed_;  // Since the last checkpoint.
  Bytes key_;
};

}  // namespace

OperatorPtr make_sort(std::vector<SortKey> keys, int64_t offset, int64_t limit, Schema schema, bool input_updates) {
  Limits limits{offset, limit};
  if (input_updates) return std::make_unique<SortUpdates>(std::move(keys), limits, std::move(schema));
  return std::make_unique<Sort>(std::move(keys), limits, std::move(schema));
}

}  // namespace leat
