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
  bool examples_run = true;                          // False: they need a cluster, or go on until somebody stops them.
  int (*run)(const Arguments&, Console&) = nullptr;  // Its exit code.
};

const std::vector<Command>& commands();
// Of "run", or "dlq ls"; null if there is none.
const Command* find_command(const std::string& name);

// Runs the command that the words after the program's name ask for.
int run_program(std::span<const std::string> words, Console&);

// A command's `run` that does `body`, and says why if it could not.
template <Status (*body)(const Arguments&, Console&)>
int run_or_fail(const Arguments& arguments, Console& console) {
  Status done = body(arguments, console);
  return done ? int{kDone} : console.fail(done.error(), exit_code_of(done.error()));
}

// Options that several commands have.
OptionInfo data_option();
OptionInfo set_option();
OptionInfo json_option();
OptionInfo job_name_option();
OptionInfo fresh_option();

Command run_command();
Command serve_command();
Command sql_command();
Command explain_command();
Command job_ls_command();
Command job_show_command();
Command job_submit_command();
Command job_stop_command();
Command topic_ls_command();
Command topic_describe_command();
Command topic_read_command();
Command topic_write_command();
Command topic_create_command();
Command topic_alter_command();
Command topic_delete_command();
Command topic_offsets_command();
Command group_ls_command();
Command group_describe_command();
Command group_lag_command();
Command group_explain_command();
Command group_reset_command();
Command group_delete_command();
Command txn_ls_command();
Command txn_show_command();
Command txn_abort_command();
Command user_add_command();
Command user_ls_command();
Command user_rm_command();
Command acl_add_command();
Command acl_ls_command();
Command acl_rm_command();
Command dlq_ls_command();
Command dlq_show_command();
Command dlq_export_command();
Command completion_command();
Command version_command();
Command help_command();

}  // namespace leat
