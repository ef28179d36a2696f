#pragma once
// What is known of the commands, as text.
#include <string>

#include "server/command.h"

namespace leat {

inline constexpr const char* kVersion = "0.1.0";

std::string usage_line(const Command&);  // "usage: leat run SCRIPT.sql [--data DIR] …"
std::string command_help(const Command&);
std::string program_help();
std::string manual_page();        // docs/man/leat.1
std::string commands_markdown();  // The reference in docs/cli.md.
std::string settings_help();
std::string settings_markdown();  // The table in docs/settings.md.

}  // namespace leat
