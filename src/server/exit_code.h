#pragma once
// What the program's end says to a shell.

namespace leat {

enum ExitCode : int {
  kDone = 0,    // Also: stopped on request, and nothing left to do.
  kFailed = 1,  // The job, the query or the command failed while it ran.
  kUsage = 2,   // Wrong arguments or SQL: nothing ran.
};

}  // namespace leat
