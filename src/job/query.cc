// A query that prints: the same graph, with a sink that hands its rows to the caller and nothing kept.
#include <algorithm>

#include "job/eval_settings.h"
#include "job/job.h"
#include "job/report.h"
#include "job/translate.h"
#include "stream/runner.h"

namespace leat {
namespace {

constexpr int64_t kQueryWaitMax = 50'000'000;  // Nanoseconds between two looks at whether to stop.

class ObserverSink final : public Sink {
 public:
  explicit ObserverSink(QueryObserver& observer) : observer_(observer) {}
  Status open(SinkContext) override { return {}; }
  bool accepts_updates() const override { return true; }
  Status write(const Batch& batch) override { return observer_.rows(batch); }
  Status prepare(CheckpointId) override { return {}; }
  Status commit(CheckpointId) override { return {}; }
  Status recover(CheckpointId) override { return {}; }

 private:
  QueryObserver& observer_;
};

class ObserverLetters final : public DeadLetterSink {
 public:
  explicit ObserverLetters(QueryObserver& observer) : observer_(observer) {}
  void add(DeadLetter letter) override {
    if (status_) status_ = observer_.dead_letter(letter);
  }
  Status status() const { return status_; }

 private:
  QueryObserver& observer_;
  Status status_;
};

}  // namespace

Result<JobReport> run_query(Env env, const RelPtr& query, const Settings& settings, QueryObserver& observer) {
  TRY_ASSIGN(const EvalSettings eval, make_eval_settings(env, settings));
  std::vector<NamedSink> sinks;
  sinks.push_back({"Result", std::make_unique<ObserverSink>(observer)});
  TRY_ASSIGN(auto translated, translate({query}, std::move(sinks), settings, eval));
  ObserverLetters letters(observer);
  Runner runner(translated->graph, env, eval, letters);
  TRY(runner.open({"query", "query", {}}));
  TRY(runner.resume(CheckpointId{0}));
  JobHeader header;
  while (!observer.stop_requested()) {
    TRY_ASSIGN(Runner::Step step, runner.step());
    TRY(letters.status());
    if (step.ended) {
      header.finished = true;
      break;
    }
    int64_t now = env.clock.monotonic().value;
    if (!step.worked) env.clock.sleep_for(std::max<int64_t>(0, std::min(step.retry_at.value - now, kQueryWaitMax)));
  }
  return make_report(runner, translated->graph, header);
}

}  // namespace leat
