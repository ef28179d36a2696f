#pragma once
// JobHost: jobs inside of `leat serve`, each on a thread of its own, over the home of its data directory. A job that
// fails is a fact that jobs() tells, and nothing else ends with it.
//
// Lifecycle: the home is opened by the first job, and again when one comes after all have ended: whatever a full disk
//            or the like did to it is recovered from then.
// Threads:   any thread may call. stop() and stop_all() wait until the jobs have taken a checkpoint and ended.
#include <map>
#include <memory>
#include <mutex>

#include "job/job.h"

namespace leat {

enum class HostedState : uint8_t { kRunning, kStopped, kFinished, kFailed };
const char* name_of(HostedState);

struct HostedJob {
  std::string name;
  HostedState state = HostedState::kRunning;
  std::string error;  // Of kFailed.
  JobReport report;
};

class JobHost {
 public:
  explicit JobHost(std::string directory);
  ~JobHost();  // As stop_all().

  // Starts it, or goes on where its last checkpoint was. kConflict: one of this name runs already, or another process
  // has the directory; else as Job::open.
  Status start(JobPlan plan, bool fresh);
  // kNotFound: no such job runs here. An error: it failed instead.
  Result<HostedJob> stop(const std::string& name);
  void stop_all();

  std::vector<HostedJob> jobs();        // By name; those that have ended, too.
  std::vector<HostedJob> take_ended();  // Those that have ended since the last call.

 private:
  class Hosted;
  Status open_home();

  std::string directory_;
  std::mutex mutex_;  // Guards everything below.
  struct Home;
  std::unique_ptr<Home> home_;
  std::map<std::string, std::unique_ptr<Hosted>> jobs_;
};

}  // namespace leat
