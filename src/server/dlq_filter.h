#pragma once
// The options by which dlq commands choose letters.
#include "dlq/dead_letters.h"
#include "server/arguments.h"

namespace leat {

std::vector<OptionInfo> letter_filter_options();
LetterFilter letter_filter(const Arguments&);

}  // namespace leat
