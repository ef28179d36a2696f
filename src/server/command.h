#pragma once
// Command: one thing that the program does, with everything that its help, the manual page and the shells' completion
// say about it. One file for each command; command.cc lists them.
#include <string>
#include <vector>

#include "server/arguments.h"
#include "server/console.h"

namespace leat {

struct Example {
  std::string line, what;
};

struct Command {
  std::string name;      // "run", "dlq ls".
  std::string operands;  // "SCRIPT.sql", "[TOPIC]"; empty: none.
  size_t operands_min = 0, operands_max = 0;
  std::string summary;  // One line.
  std::string details;  // Paragraphs.
  std::vector<OptionInfo> options;
  std::vector<Example> examples;
  bool ends = true;                                  // False: it runs until somebody stops it.
  int (*run)(const Arguments&, Console&) = nullptr;  // Its exit code.
};

const std::vector<Command>& commands();
// Of "run", or "dlq ls"; null if there is none.
const Command* find_command(const std::string& name);

// Runs the command that the words after the program's name ask for.
int run_program(std::span<const std::string> words, Console&);

// Options that several commands have.
OptionInfo data_option();
OptionInfo set_option();
OptionInfo json_option();

Command run_command();
Command serve_command();
Command sql_command();
Command explain_command();
Command job_ls_command();
Command job_show_command();
Command topic_ls_command();
Command topic_describe_command();
Command topic_read_command();
Command dlq_ls_command();
Command dlq_show_command();
Command dlq_export_command();
Command completion_command();
Command version_command();
Command help_command();

}  // namespace leat
