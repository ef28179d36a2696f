#pragma once
// For who reads what another process is writing: between two looks at a directory its owner may have deleted the
// segment that the first one named. Looking once more sees it as it is now; real damage is still there the third time.
#include "base/result.h"

namespace leat {

template <class T, class Open>
Result<T> look_again(bool read_only, const Open& open) {
  constexpr int kLooks = 3;
  Result<T> out = open();
  for (int look = 1; look < kLooks && read_only && !out; ++look) {
    bool may_have_moved = out.error().code == Errc::kCorruption || out.error().code == Errc::kNotFound;
    if (!may_have_moved) break;
    out = open();
  }
  return out;
}

}  // namespace leat
