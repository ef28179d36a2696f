#include "server/config_pairs.h"

namespace leat {

Result<std::map<std::string, std::string>> config_pairs(const Arguments& arguments, const std::string& option) {
  std::map<std::string, std::string> out;
  for (const std::string& word : arguments.all(option)) {
    size_t equals = word.find('=');
    if (equals == std::string::npos || equals == 0) {
      return Error{Errc::kInvalidArgument, option + " " + word + ": expected NAME=VALUE"};
    }
    out[word.substr(0, equals)] = word.substr(equals + 1);
  }
  return out;
}

}  // namespace leat
