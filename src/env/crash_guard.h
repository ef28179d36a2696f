#pragma once
// CrashGuard: remembers, beyond the death of the process, which row user code was working on, and how it died.
//
// The row in hand stands in a page of a file that is mapped shared: writing it costs a store, and the kernel keeps it
// when the process is killed. A handler for SIGSEGV, SIGBUS, SIGILL, SIGFPE and SIGABRT adds the signal and the stack
// before it lets the process die; SIGKILL leaves neither. The page does not survive the loss of the machine: then the
// count starts again.
//
// Lifecycle: one a job; open() judges the last run's death. Threads: enter() and leave() on the job's thread.
#include <cstdint>
#include <memory>
#include <string>

#include "base/result.h"

namespace leat {

class CrashGuard {
 public:
  struct Suspect {
    uint64_t row = 0;    // As given to enter().
    int32_t deaths = 0;  // In a row, at this row.
    int32_t signal = 0;  // Of the last death; 0: the process was killed from outside, or ran out of memory.
    std::string stack;   // Of the last death; empty without a signal.
  };

  // `path`: the page's file, created if absent. Counts one more death if the last process died inside user code.
  static Result<std::unique_ptr<CrashGuard>> open(const std::string& path);
  virtual ~CrashGuard() = default;

  // The row at which the last process died; deaths 0: none.
  virtual const Suspect& suspect() const = 0;
  virtual void enter(uint64_t row) = 0;  // User code begins on this row…
  virtual void leave() = 0;              // …and came back.
  virtual void skip_suspect() = 0;       // It was set aside without being tried again.
  // A checkpoint committed. If the suspect came back or was set aside before it, its deaths are forgotten.
  virtual void committed() = 0;
};

const char* signal_slug(int32_t signal);  // "sigsegv"; "killed" for 0.

}  // namespace leat
