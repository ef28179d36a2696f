#pragma once
// The numbers in OpenTelemetry's metrics, as clients push them (KIP-714): a walker over the protocol buffers of
// `opentelemetry.proto.metrics.v1.MetricsData` that reads gauges and sums and passes everything else over.
#include <functional>
#include <string>

#include "base/result.h"
#include "base/types.h"

namespace leat {

// Calls for each data point. The name is at most kOtlpNameMax bytes; what has a longer one is passed over.
// kInvalidArgument: these are no such bytes; what came before was visited.
inline constexpr size_t kOtlpNameMax = 256;
Status visit_metrics(BytesView bytes, const std::function<void(BytesView name, double value)>& visit);

}  // namespace leat
