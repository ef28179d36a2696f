#include "server/job_host.h"

#include <atomic>
#include <thread>

#include "broker/embedded_topics.h"
#include "env/posix.h"
#include "server/job_script.h"
#include "server/locked_topics.h"
#include "server/worker_threads.h"

namespace leat {

const char* name_of(HostedState state) {
  switch (state) {
    case HostedState::kRunning:
      return "running";
    case HostedState::kStopped:
      return "stopped";
    case HostedState::kFinished:
      return "finished";
    case HostedState::kFailed:
      return "failed";
  }
  return "";
}

struct JobHost::Home {
  PosixEnv env;
  std::unique_ptr<LockedTopics> topics;
};

// One job and its thread.
class JobHost::Hosted final : public JobObserver {
 public:
  Hosted(const Settings& settings) : env_(worker_threads(settings)) {}
  ~Hosted() override { join(); }

  Status open(Topics& topics, JobPlan plan, bool fresh) {
    seen_.name = plan.name;
    TRY_ASSIGN(job_, Job::open(env_.env(), topics, std::move(plan), {fresh}));
    seen_.report = job_->report();
    thread_ = std::thread([this] { run(); });
    return {};
  }
  void ask_to_stop() { stop_ = true; }
  void join() {
    ask_to_stop();
    if (thread_.joinable()) thread_.join();
  }
  HostedJob seen() {
    std::lock_guard lock(mutex_);
    return seen_;
  }
  // True once, after it has ended.
  bool take_news() {
    std::lock_guard lock(mutex_);
    return seen_.state != HostedState::kRunning && !std::exchange(told_, true);
  }

  bool stop_requested() override { return stop_; }
  void progress(const JobReport& report) override {
    std::lock_guard lock(mutex_);
    seen_.report = report;
  }

 private:
  void run() {
    Status ran = job_->finished() ? Status() : job_->run(*this);
    JobReport report = job_->report();
    job_.reset();  // Its transaction ends before anybody learns that it has.
    std::lock_guard lock(mutex_);
    seen_.state = !ran ? HostedState::kFailed : report.finished ? HostedState::kFinished : HostedState::kStopped;
    if (!ran) seen_.error = ran.error().message;
    seen_.report = std::move(report);
  }

  PosixEnv env_;
  std::unique_ptr<Job> job_;
  std::atomic<bool> stop_ = false;
  std::mutex mutex_;  // Guards what follows.
  HostedJob seen_;
  bool told_ = false;
  std::thread thread_;
};

JobHost::JobHost(std::string directory) : directory_(std::move(directory)) {}

JobHost::~JobHost() {
  stop_all();
  jobs_.clear();
}

Status JobHost::open_home() {
  for (const auto& [name, job] : jobs_) {
    if (job->seen().state == HostedState::kRunning) return {};
  }
  for (const auto& [name, job] : jobs_) job->join();
  home_.reset();  // Its lock first: the new home takes it again.
  auto home = std::make_unique<Home>();
  auto topics = EmbeddedTopics::open(home->env.env(), directory_);
  if (!topics) return home_error(topics.error(), directory_);
  home->topics = std::make_unique<LockedTopics>(std::move(*topics));
  home_ = std::move(home);
  return {};
}

Status JobHost::start(JobPlan plan, bool fresh) {
  std::lock_guard lock(mutex_);
  auto found = jobs_.find(plan.name);
  if (found != jobs_.end() && found->second->seen().state == HostedState::kRunning) {
    return Error{Errc::kConflict, "job '" + plan.name + "' is running already"};
  }
  TRY(open_home());
  std::string name = plan.name;
  auto job = std::make_unique<Hosted>(plan.settings);
  TRY(job->open(*home_->topics, std::move(plan), fresh));
  jobs_[name] = std::move(job);
  return {};
}

Result<HostedJob> JobHost::stop(const std::string& name) {
  std::lock_guard lock(mutex_);
  auto found = jobs_.find(name);
  if (found == jobs_.end() || found->second->seen().state != HostedState::kRunning) {
    return Error{Errc::kNotFound, "no job '" + name + "' is running here"};
  }
  found->second->join();
  HostedJob out = found->second->seen();
  if (out.state == HostedState::kFailed) return Error{Errc::kIo, "job '" + name + "' failed: " + out.error};
  return out;
}

void JobHost::stop_all() {
  std::lock_guard lock(mutex_);
  for (auto& [name, job] : jobs_) job->ask_to_stop();
  for (auto& [name, job] : jobs_) job->join();
}

std::vector<HostedJob> JobHost::jobs() {
  std::lock_guard lock(mutex_);
  std::vector<HostedJob> out;
  for (auto& [name, job] : jobs_) out.push_back(job->seen());
  return out;
}

std::vector<HostedJob> JobHost::take_ended() {
  std::unique_lock lock(mutex_, std::try_to_lock);
  std::vector<HostedJob> out;
  if (!lock.owns_lock()) return out;  // Somebody waits for a job to stop; the next call tells.
  for (auto& [name, job] : jobs_) {
    if (job->take_news()) out.push_back(job->seen());
  }
  return out;
}

}  // namespace leat
