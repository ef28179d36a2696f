#include "job/job.h"

#include <algorithm>

#include "columnar/utf8.h"
#include "connect/connector.h"
#include "dlq/dead_letters.h"
#include "job/eval_settings.h"
#include "job/job_log.h"
#include "job/letters.h"
#include "job/report.h"
#include "job/translate.h"
#include "stream/runner.h"

namespace leat {
namespace {

constexpr int64_t kProgressInterval = 200 * kNsPerMs;
constexpr int64_t kWaitMax = 50 * kNsPerMs;    // Between two looks at whether to stop.
constexpr int64_t kSettleWait = 2 * kNsPerMs;  // Between two looks at whether a checkpoint has been decided.
constexpr int kStepsPerLook = 16;              // Batches between two looks at the clock.

class LogWriter final : public CheckpointWriter {
 public:
  LogWriter(JobLog& log, bool full) : log_(log), full_(full) {}
  bool full() const override { return full_; }
  void put(BytesView key, BytesView value) override { keep(log_.put(key, value)); }
  void erase(BytesView key) override { keep(log_.erase(key)); }
  Status status() const { return status_; }

 private:
  void keep(Status status) {
    if (status_ && !status) status_ = std::move(status);
  }
  JobLog& log_;
  bool full_;
  Status status_;
};

class RunningJob final : public Job {
 public:
  RunningJob(Env env, Topics& topics, JobPlan plan, CrashGuard* crash_guard)
      : env_(env), topics_(topics), plan_(std::move(plan)), crash_guard_(crash_guard) {}

  Status open(const JobOptions& options) {
    TRY_ASSIGN(eval_, make_eval_settings(env_, plan_.settings));
    TRY_ASSIGN(log_, JobLog::open(env_, topics_, plan_.name, options.log_bytes));
    TRY(build());
    TRY_ASSIGN(auto kept, log_->first_header());
    TRY_ASSIGN(bool abandoned, log_->abandoned());
    if (options.fresh || abandoned) {
      TRY(start_over(kept));
    } else {
      TRY(kept ? take_header(std::move(*kept)) : begin());
      TRY(runner_->open({plan_.name, header_.run, ""}));
    }
    TRY(restore());
    // It may have died between the last decision and showing what was decided.
    if (header_.finished) return runner_->recover_sinks(header_.checkpoint);
    return runner_->resume(header_.checkpoint);
  }

  bool finished() const override { return header_.finished; }

  Status run(JobObserver& observer) override {
    if (header_.finished) return {};
    next_checkpoint_ = env_.clock.monotonic().value + interval();
    for (int step = 0;; ++step) {
      TRY_ASSIGN(Runner::Step done, runner_->step());
      TRY(letters_->status());
      if (done.ended) break;
      if (done.worked) dirty_ = true;
      // A poison row that was set aside is to stay so, even if the next row kills the process.
      if (crash_guard_ != nullptr && crash_guard_->wants_checkpoint()) TRY(checkpoint(false));
      if (done.worked && step % kStepsPerLook != 0) continue;
      TRY(look_around(observer));
      if (stopping_) break;
      if (!done.worked) wait(done.retry_at);
    }
    if (!stopping_ || dirty_) TRY(checkpoint(!stopping_));
    TRY(settle());
    if (!stopping_) observer.progress(report());
    return {};
  }

  JobReport report() const override {
    JobReport out = make_report(*runner_, translated_->graph, header_);
    out.name = plan_.name;
    out.last_checkpoint_ms = last_checkpoint_ms_;
    return out;
  }

 private:
  Status build() {
    std::vector<RelPtr> queries;
    std::vector<NamedSink> sinks;
    std::string explained;
    for (const InsertPlan& insert : plan_.inserts) {
      TRY_ASSIGN(auto sink, open_sink(insert));
      sinks.push_back({sink_name(*insert.target, sinks.size()), std::move(sink)});
      queries.push_back(insert.query);
      explained += "INSERT INTO " + insert.target->name + "\n" + explain(*insert.query);
    }
    plan_text_ = std::move(explained);
    TRY_ASSIGN(translated_, translate(queries, std::move(sinks), plan_.settings, eval_));
    auto on_error =
        plan_.settings.on_error() == "fail" ? JobDeadLetters::OnError::kFail : JobDeadLetters::OnError::kDeadLetter;
    letters_ = std::make_unique<JobDeadLetters>(env_, *log_, plan_.name, on_error);
    runner_ = std::make_unique<Runner>(translated_->graph, env_, eval_, *letters_, crash_guard_);
    return {};
  }

  Result<std::unique_ptr<Sink>> open_sink(const InsertPlan& insert) {
    TableOptions options = sink_options(*insert.target);
    TRY_ASSIGN(auto sink, make_sink(options, eval_));
    if (insert.query->changes == Changes::kUpdates && !sink->accepts_updates()) {
      return Error{Errc::kInvalidArgument,
                   "table '" + insert.target->name + "' takes inserts only, but the query updates its results: group " +
                       "by a window, or write to a connector that takes updates (print, blackhole)"};
    }
    return sink;
  }

  // Part of the names of files; unique in the job, whatever its tables are called.
  static std::string sink_name(const Table& table, size_t index) {
    constexpr size_t kNameBytesMax = 100;
    std::string out = sanitized(BytesView(table.name).substr(0, kNameBytesMax));
    bool changed = out != table.name;
    for (char& c : out) {
      bool refused = c == '/' || c == '.' || static_cast<unsigned char>(c) < 0x20;
      if (refused) c = '_';
      changed |= refused;
    }
    return index == 0 && !changed ? out : out + "." + std::to_string(index + 1);
  }

  // The first header of the log: with which plan the job began.
  Status take_header(JobHeader kept) {
    if (kept.plan != plan_text_) {
      return Error{Errc::kConflict,
                   "job '" + plan_.name + "' has state of another plan, and cannot go on with this one:\n--- kept\n" +
                       kept.plan + "--- now\n" + plan_text_ + "Give it another name (--job), or start over (--fresh)"};
    }
    header_ = std::move(kept);
    return {};
  }

  // What the job was goes in steps, and the log last, because it knows what there is to go. From the first step on
  // there is no way back: should the process die, the next start goes on with this.
  Status start_over(const std::optional<JobHeader>& kept) {
    if (kept) TRY(log_->abandon());
    header_.run = draw_run();
    TRY(runner_->open({plan_.name, header_.run, kept ? kept->run : ""}));
    TRY(runner_->recover_sinks({}));
    TRY(log_->start_over());
    return begin();
  }

  Status restore() {
    return log_->replay([this](BytesView key, std::optional<BytesView> value) -> Status {
      if (key != JobLog::kHeaderKey) return runner_->restore(key, value);
      CHECK(value);
      TRY_ASSIGN(header_, JobHeader::decode(*value));
      return {};
    });
  }

  // Made durable before a sink writes anything, so that what it stages can always be found again.
  Status begin() {
    header_.plan = plan_text_;
    header_.at = env_.clock.wall();
    for (const auto& setting : plan_.settings.changed()) header_.settings.push_back(setting);
    if (header_.run.empty()) header_.run = draw_run();
    TRY(log_->put(JobLog::kHeaderKey, header_.encode()));
    return log_->commit(false);
  }

  std::string draw_run() {
    static constexpr char kHex[] = "0123456789abcdef";
    std::string out;
    for (uint64_t bits = env_.random.next(), digit = 0; digit < 8; ++digit, bits >>= 4) out += kHex[bits & 15];
    return out;
  }

  int64_t interval() const { return plan_.settings.checkpoint_interval_ms() * kNsPerMs; }

  Status look_around(JobObserver& observer) {
    int64_t now = env_.clock.monotonic().value;
    stopping_ = observer.stop_requested();
    if (log_->commit_ended()) TRY(settle());
    if (now >= next_checkpoint_ && interval() > 0 && !stopping_) {
      if (dirty_) TRY(checkpoint(false));
      next_checkpoint_ = std::max(next_checkpoint_ + interval(), env_.clock.monotonic().value);
    }
    if (now >= next_progress_) {
      observer.progress(report());
      next_progress_ = now + kProgressInterval;
    }
    return {};
  }

  void wait(Instant retry_at) {
    int64_t now = env_.clock.monotonic().value;
    int64_t until = std::min({retry_at.value, now + (deciding_ ? kSettleWait : kWaitMax),
                              interval() > 0 && dirty_ ? next_checkpoint_ : kNever.value});
    if (until > now) env_.clock.sleep_for(until - now);
  }

  // Written here, decided beside this thread: rows go on while the disk syncs.
  Status checkpoint(bool finished) {
    TRY(settle());
    checkpoint_began_ = env_.clock.monotonic();
    bool full = log_->next_is_full();
    ++header_.checkpoint.value;
    header_.at = env_.clock.wall();
    header_.finished = finished;
    TRY(log_->put(JobLog::kHeaderKey, header_.encode()));
    LogWriter writer(*log_, full);
    TRY(runner_->checkpoint(header_.checkpoint, writer));
    TRY(writer.status());
    TRY(letters_->status());
    log_->start_commit(full);
    dirty_ = false;
    deciding_ = true;
    // What a crash guard knows of the rows before and behind this point would mix.
    return log_->commit_ended() || crash_guard_ != nullptr ? settle() : Status{};
  }

  // The sinks show what the log has decided.
  Status settle() {
    if (!deciding_) return {};
    TRY(log_->finish_commit());
    deciding_ = false;
    TRY(runner_->commit_sinks(header_.checkpoint));
    if (crash_guard_ != nullptr) crash_guard_->committed();
    last_checkpoint_ms_ = (env_.clock.monotonic().value - checkpoint_began_.value) / kNsPerMs;
    return {};
  }

  Env env_;
  Topics& topics_;
  JobPlan plan_;
  CrashGuard* crash_guard_;
  EvalSettings eval_;
  std::string plan_text_;
  std::unique_ptr<JobLog> log_;
  std::unique_ptr<Translated> translated_;
  std::unique_ptr<JobDeadLetters> letters_;
  std::unique_ptr<Runner> runner_;
  JobHeader header_;
  int64_t next_checkpoint_ = 0, next_progress_ = 0, last_checkpoint_ms_ = 0;
  Instant checkpoint_began_;
  bool dirty_ = false, deciding_ = false, stopping_ = false;  // A commit was started, and sinks do not show it yet.
};

bool valid_name(const std::string& name) {
  constexpr const char* kAllowed = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-";
  return !name.empty() && name.size() <= 200 && name.find_first_not_of(kAllowed) == std::string::npos;
}

}  // namespace

Result<std::unique_ptr<Job>> Job::open(Env env, Topics& topics, JobPlan plan, JobOptions options) {
  if (!valid_name(plan.name)) {
    return Error{Errc::kInvalidArgument, "job name '" + plan.name +
                                             "': letters, digits, '_' and '-', at most 200 of them; choose " +
                                             "another with --job"};
  }
  if (plan.inserts.empty()) return Error{Errc::kInvalidArgument, "nothing to run: the script has no INSERT INTO"};
  auto job = std::make_unique<RunningJob>(env, topics, std::move(plan), options.crash_guard);
  TRY(job->open(options));
  return std::unique_ptr<Job>(std::move(job));
}

}  // namespace leat
