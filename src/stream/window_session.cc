#include "stream/window_session.h"

#include "stream/session_operator.h"
#include "stream/window_output.h"

namespace leat {

Result<OperatorPtr> make_session_aggregate(WindowAggregateSpec spec) {
  TRY_ASSIGN(auto aggregates, AggregateSet::make(spec.calls, spec.input, false));
  WindowOutput::Shape shape{std::move(spec.output), spec.emit_start, spec.emit_end, spec.emit_time};
  SessionParts parts{spec.window,
                     spec.time,
                     std::move(spec.keys),
                     std::move(spec.input),
                     std::move(aggregates),
                     [shape](const GroupKeyCodec& codec, const AggregateSet& set, const WindowClock& clock) {
                       return std::make_unique<WindowOutput>(shape, codec, set, clock);
                     }};
  return make_sessions(std::move(parts));
}

}  // namespace leat
