#pragma once
// What the program's end says to a shell.
#include "base/result.h"

namespace leat {

enum ExitCode : int {
  kDone = 0,    // Also: stopped on request, and nothing left to do.
  kFailed = 1,  // The job, the query or the command failed while it ran.
  kUsage = 2,   // Wrong arguments or SQL: nothing ran.
};

// Of an error that a command ended with.
int exit_code_of(const Error&);

}  // namespace leat
