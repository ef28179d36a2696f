#pragma once
// VALUES as a source: its rows, once.
#include <memory>

#include "plan/rel.h"
#include "stream/source.h"

namespace leat {

std::unique_ptr<Source> make_values_source(const ValuesRel&, const Schema&, const EvalSettings&);

}  // namespace leat
