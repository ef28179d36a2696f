#pragma once
// JobDeadLetters: captured dead letters on their way into the job's transaction.
#include <string>

#include "env/env.h"
#include "job/job_log.h"
#include "stream/dead_letter.h"

namespace leat {

class JobDeadLetters final : public DeadLetterSink {
 public:
  enum class OnError : uint8_t { kDeadLetter, kFail };
  JobDeadLetters(Env env, JobLog& log, std::string job, OnError on_error)
      : env_(env), log_(log), job_(std::move(job)), on_error_(on_error) {}

  void add(DeadLetter) override;
  // The first failure to write one; or, with kFail, the first row that failed (late rows do not count).
  Status status() const { return status_; }

 private:
  Env env_;
  JobLog& log_;
  std::string job_;
  OnError on_error_;
  Status status_;
};

}  // namespace leat
