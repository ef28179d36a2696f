#pragma once
// datagen: rows made up by a rule, for trying things and for measuring. Row n is a function of the seed and n, so a job
// that goes on after a crash makes the same rows.
#include "connect/connector.h"

namespace leat {

Result<std::unique_ptr<Source>> make_datagen_source(const TableOptions&, const EvalSettings&);

}  // namespace leat
