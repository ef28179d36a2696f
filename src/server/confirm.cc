#include "server/confirm.h"

#include <iostream>

namespace leat {

OptionInfo yes_option() {
  return {"--yes", 'y', "", "Do not ask."};
}

Status confirm(const Arguments& arguments, Console& console, const std::string& question) {
  if (arguments.has("--yes")) return {};
  if (!console.in_is_terminal()) {
    return Error{Errc::kInvalidArgument, question + " Nobody is there to ask: give --yes if that is meant"};
  }
  console.say(question + " [y/N] ");
  std::string answer;
  std::getline(std::cin, answer);
  if (answer == "y" || answer == "Y" || answer == "yes") return {};
  return Error{Errc::kInvalidArgument, "nothing was done"};
}

}  // namespace leat
