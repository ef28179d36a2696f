#pragma once
#include "connect/connector.h"

namespace leat {

Result<std::unique_ptr<Sink>> make_print_sink(const TableOptions&, const EvalSettings&);
Result<std::unique_ptr<Sink>> make_blackhole_sink(const TableOptions&);

}  // namespace leat
