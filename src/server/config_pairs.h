#pragma once
// NAME=VALUE, given several times.
#include <map>
#include <string>

#include "server/arguments.h"

namespace leat {

// kInvalidArgument names the option and the word that is not NAME=VALUE.
Result<std::map<std::string, std::string>> config_pairs(const Arguments&, const std::string& option);

}  // namespace leat
