#pragma once
// Passwords: from a file, a pipe or a terminal, never from a command line, where everybody on the machine can see them.
#include <optional>
#include <string>

#include "env/env.h"
#include "server/console.h"

namespace leat {

// The file's first line. kInvalidArgument if it is empty.
Result<std::string> read_secret_file(FileSystem&, const std::string& path);
// Asked on the terminal, without showing it; where there is none, the first line of standard input.
// kInvalidArgument: nothing was said.
Result<std::string> ask_secret(Console&, const std::string& prompt);

}  // namespace leat
