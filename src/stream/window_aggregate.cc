#include "stream/window_aligned.h"
#include "stream/window_session.h"

namespace leat {

Result<OperatorPtr> make_window_aggregate(WindowAggregateSpec spec) {
  bool carried = spec.end_column >= 0;
  if (carried || spec.window.aligned()) return make_aligned_aggregate(std::move(spec));
  return make_session_aggregate(std::move(spec));
}

}  // namespace leat
