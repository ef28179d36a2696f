#pragma once
#include "connect/connector.h"

namespace leat {

Result<std::unique_ptr<Source>> make_filesystem_source(const TableOptions&, const EvalSettings&);

}  // namespace leat
