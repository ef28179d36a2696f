// A graph that is checkpointed after every few batches, and thrown away and made again from what was kept: the state of
// every operator goes through its records, and work after a checkpoint is lost and done again.
#include <algorithm>
#include <map>

#include "job/eval_settings.h"
#include "job/translate.h"
#include "stream/runner.h"
#include "test/sql_runner/changes.h"
#include "test/sql_runner/query_run.h"

namespace leat::sqltest {
namespace {

// What outlives a life of the graph.
struct Kept {
  std::map<Bytes, Bytes> state;
  RowChanges changes;
  StepResult letters;
  int64_t checkpoint = 0;
  bool finished = false, balances = false;
};

class KeptState final : public CheckpointWriter {
 public:
  KeptState(Kept& kept, bool full) : kept_(kept), full_(full) {
    if (full) kept_.state.clear();
  }
  bool full() const override { return full_; }
  void put(BytesView key, BytesView value) override { kept_.state[Bytes(key)] = Bytes(value); }
  void erase(BytesView key) override { kept_.state.erase(Bytes(key)); }

 private:
  Kept& kept_;
  bool full_;
};

class MemorySink final : public Sink {
 public:
  MemorySink(Kept& kept, const Schema& schema, const EvalSettings& settings)
      : kept_(kept), schema_(schema), settings_(settings) {}
  Status open(SinkContext) override { return {}; }
  bool accepts_updates() const override { return true; }
  Status write(const Batch& batch) override {
    append_changes(batch, schema_, settings_, written_);
    return {};
  }
  Status prepare(CheckpointId) override {
    prepared_ = std::move(written_);
    written_.clear();
    return {};
  }
  Status commit(CheckpointId) override {
    kept_.changes.insert(kept_.changes.end(), prepared_.begin(), prepared_.end());
    prepared_.clear();
    return {};
  }
  Status recover(CheckpointId) override { return {}; }

 private:
  Kept& kept_;
  const Schema& schema_;
  const EvalSettings& settings_;
  RowChanges written_, prepared_;
};

class MemoryLetters final : public DeadLetterSink {
 public:
  void add(DeadLetter letter) override { letters_.push_back(std::move(letter)); }
  void commit(const LateRows& late_rows, Kept& kept) {
    for (const DeadLetter& letter : letters_) append_letter(letter, late_rows, kept.letters);
    letters_.clear();
  }

 private:
  std::vector<DeadLetter> letters_;
};

// From one restore to the next.
class Life {
 public:
  Life(const RunContext& context, const RelPtr& query, Kept& kept)
      : context_(context),
        query_(query),
        kept_(kept),
        settings_(eval_settings(context.env, context.settings)),
        late_rows_(context.tables, settings_) {}

  Status begin() {
    if (auto known = make_eval_settings(context_.env, context_.settings); !known) return known.error();
    std::vector<NamedSink> sinks;
    sinks.push_back({"Result", std::make_unique<MemorySink>(kept_, query_->schema, settings_)});
    TRY_ASSIGN(translated_, translate({query_}, std::move(sinks), context_.settings, settings_));
    runner_ = std::make_unique<Runner>(translated_->graph, context_.env, settings_, letters_);
    TRY(runner_->open({"test", "run", {}}));
    for (const auto& [key, value] : kept_.state) TRY(runner_->restore(key, value));
    return runner_->resume(CheckpointId{kept_.checkpoint});
  }

  // True if the input has ended.
  Result<bool> step() {
    while (true) {
      TRY_ASSIGN(Runner::Step step, runner_->step());
      if (step.ended || step.worked) return step.ended;
      context_.env.clock.sleep_for(1'000'000);
    }
  }

  Status checkpoint() {
    constexpr int64_t kFullEvery = 5;
    CheckpointId id{++kept_.checkpoint};
    KeptState state(kept_, id.value % kFullEvery == 0);
    TRY(runner_->checkpoint(id, state));
    letters_.commit(late_rows_, kept_);
    std::vector<NodeRecord> records = runner_->records();
    kept_.balances =
        std::all_of(records.begin(), records.end(), [](const NodeRecord& record) { return record.account.balances(); });
    return runner_->commit_sinks(id);
  }

 private:
  const RunContext& context_;
  const RelPtr& query_;
  Kept& kept_;
  EvalSettings settings_;
  LateRows late_rows_;
  MemoryLetters letters_;
  std::unique_ptr<Translated> translated_;
  std::unique_ptr<Runner> runner_;
};

Status live(Life& life, int checkpoints, int steps_between, Kept& kept) {
  TRY(life.begin());
  for (int checkpoint = 0; checkpoint < checkpoints; ++checkpoint) {
    for (int step = 0; step < steps_between && !kept.finished; ++step) {
      TRY_ASSIGN(kept.finished, life.step());
    }
    TRY(life.checkpoint());
    if (kept.finished) return {};
  }
  TRY_ASSIGN([[maybe_unused]] bool lost, life.step());
  return {};
}

}  // namespace

StepResult run_restored(const RunContext& context, const RelPtr& query, int checkpoints_between) {
  constexpr int kLivesBeforeSlower = 50;  // Long inputs are not restored after each batch.
  Kept kept;
  StepResult out;
  for (int lives = 0; !kept.finished; ++lives) {
    Life life(context, query, kept);
    Status lived = live(life, checkpoints_between, 1 + lives / kLivesBeforeSlower, kept);
    if (lived) continue;
    out.error = lived.error().message;
    return out;
  }
  out = std::move(kept.letters);
  apply_changes(kept.changes, out);
  if (!kept.balances) out.error = "the ledger does not balance";
  return out;
}

}  // namespace leat::sqltest
