#include "server/scratch_job.h"

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <filesystem>

#include "broker/embedded_topics.h"
#include "dlq/dead_letters.h"
#include "env/posix.h"
#include "server/human.h"
#include "server/worker_threads.h"

namespace leat {
namespace {

class ScratchDirectory {
 public:
  static Result<std::unique_ptr<ScratchDirectory>> make() {
    const char* parent = std::getenv("TMPDIR");
    std::string path = std::string(parent != nullptr && *parent != '\0' ? parent : "/tmp") + "/leat-XXXXXX";
    if (mkdtemp(path.data()) == nullptr) {
      return Error{Errc::kIo, "making a temporary directory '" + path + "': " + std::strerror(errno)};
    }
    return std::unique_ptr<ScratchDirectory>(new ScratchDirectory(path));
  }
  ~ScratchDirectory() {
    std::error_code ignored;  // What stays behind is in the temporary directory.
    std::filesystem::remove_all(path_, ignored);
  }
  const std::string& path() const { return path_; }

 private:
  explicit ScratchDirectory(std::string path) : path_(std::move(path)) {}
  std::string path_;
};

class Observer final : public JobObserver {
 public:
  explicit Observer(const StopSignal& stop) : stop_(stop) {}
  bool stop_requested() override { return stop_.requested(); }

 private:
  const StopSignal& stop_;
};

Status report_letters(Topics& topics, Console& console) {
  TRY_ASSIGN(auto groups, group_letters(topics, {}));
  for (const LetterGroup& group : groups) {
    console.note(group.table + ": " + human_count(group.count) + (group.count == 1 ? " row" : " rows") +
                 " set aside: " + group.reason);
  }
  return {};
}

}  // namespace

MaybeFailure run_scratch_job(JobPlan plan, StopSignal& stop, Console& console) {
  auto directory = ScratchDirectory::make();
  if (!directory) return Failure{directory.error()};
  PosixEnv env(worker_threads(plan.settings));
  EmbeddedTopicsOptions options;
  options.durable = false;
  auto topics = EmbeddedTopics::open(env.env(), (*directory)->path(), options);
  if (!topics) return Failure{topics.error()};
  auto job = Job::open(env.env(), **topics, std::move(plan), {});
  if (!job) return Failure{job.error(), job.error().code == Errc::kInvalidArgument ? kUsage : kFailed};
  Observer observer(stop);
  if (MaybeFailure failure = failure_of((*job)->run(observer))) return failure;
  JobReport report = (*job)->report();
  console.note(human_count(report.total.rows_out) + (report.total.rows_out == 1 ? " row" : " rows") + " written");
  if (!report.finished) console.note("stopped: what was written is not complete, and cannot be gone on with");
  return failure_of(report_letters(**topics, console));
}

}  // namespace leat
