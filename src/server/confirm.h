#pragma once
#include "server/arguments.h"
#include "server/console.h"

namespace leat {

OptionInfo yes_option();
// Asks on the terminal, unless --yes was given. kInvalidArgument: nobody is there to ask, or the answer is no.
Status confirm(const Arguments&, Console&, const std::string& question);

}  // namespace leat
