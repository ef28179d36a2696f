#pragma once
// An error together with what it means for the program's exit code.
#include <optional>

#include "base/result.h"
#include "server/exit_code.h"

namespace leat {

struct Failure {
  Error error;
  int exit_code = kFailed;
};
using MaybeFailure = std::optional<Failure>;

// Nothing, or a failure with this code.
inline MaybeFailure failure_of(const Status& status, int exit_code = kFailed) {
  if (status) return std::nullopt;
  return Failure{status.error(), exit_code};
}

}  // namespace leat
