#include "server/command.h"

#include <algorithm>

#include "base/units.h"
#include "server/help.h"

namespace leat {
namespace {

std::vector<std::string> names_of(const std::vector<Command>& all) {
  std::vector<std::string> out;
  for (const Command& command : all) out.push_back(command.name);
  return out;
}

// "dlq ls" and the others, of "dlq".
std::vector<const Command*> group_of(const std::string& word) {
  std::vector<const Command*> out;
  for (const Command& command : commands()) {
    if (command.name.starts_with(word + " ")) out.push_back(&command);
  }
  return out;
}

// The command, and how many words name it.
std::pair<const Command*, size_t> command_of(std::span<const std::string> words) {
  if (words.size() >= 2) {
    const Command* command = find_command(words[0] + " " + words[1]);
    if (command != nullptr) return {command, 2};
  }
  return {find_command(words[0]), 1};
}

int no_such_command(std::span<const std::string> words, Console& console) {
  bool group = !group_of(words[0]).empty();
  std::string name = group && words.size() > 1 ? words[0] + " " + words[1] : words[0];
  std::string message =
      group && words.size() == 1 ? "'leat " + name + "' wants one of its commands:\n" : "no command '" + name + "'";
  if (group && words.size() == 1) {
    size_t width = 0;
    for (const Command* command : group_of(name)) width = std::max(width, command->name.size());
    for (const Command* command : group_of(name)) {
      message +=
          "  leat " + command->name + std::string(width - command->name.size() + 2, ' ') + command->summary + "\n";
    }
    message += "`leat help " + name + "` shows more";
  } else {
    std::string nearest = nearest_name(name, names_of(commands()));
    message += nearest.empty() ? "; `leat help` lists them" : "; did you mean 'leat " + nearest + "'?";
  }
  return console.fail({Errc::kInvalidArgument, message}, kUsage);
}

int wrong_usage(const Command& command, const std::string& message, Console& console) {
  return console.fail({Errc::kInvalidArgument, message + "\n" + usage_line(command) + "\n`leat help " + command.name +
                                                   "` shows more, with examples"},
                      kUsage);
}

}  // namespace

const std::vector<Command>& commands() {
  static const std::vector<Command> all{
      run_command(),          serve_command(),          sql_command(),          explain_command(),
      job_ls_command(),       job_show_command(),       job_submit_command(),   job_stop_command(),
      topic_ls_command(),     topic_describe_command(), topic_read_command(),   topic_write_command(),
      topic_create_command(), topic_alter_command(),    topic_delete_command(), topic_offsets_command(),
      group_ls_command(),     group_describe_command(), group_lag_command(),    group_explain_command(),
      group_reset_command(),  group_delete_command(),   txn_ls_command(),       txn_show_command(),
      user_add_command(),     user_ls_command(),        user_rm_command(),      acl_add_command(),
      acl_ls_command(),       acl_rm_command(),         txn_abort_command(),    dlq_ls_command(),
      dlq_show_command(),     dlq_export_command(),     completion_command(),   version_command(),
      help_command()};
  return all;
}

const Command* find_command(const std::string& name) {
  for (const Command& command : commands()) {
    if (command.name == name) return &command;
  }
  return nullptr;
}

int run_program(std::span<const std::string> words, Console& console) {
  static const std::vector<std::string> kHelpWords{"help"}, kVersionWords{"version"};
  auto asks_for_help = [](const std::string& word) { return word == "--help" || word == "-h"; };
  if (words.empty()) {
    console.say(program_help());
    return kUsage;
  }
  std::vector<std::string> group_help{"help", words[0]};
  if (asks_for_help(words[0])) words = kHelpWords;
  if (words[0] == "--version" || words[0] == "-V") words = kVersionWords;
  if (words.size() == 2 && asks_for_help(words[1]) && !group_of(words[0]).empty()) words = group_help;
  auto [command, name_words] = command_of(words);
  if (command == nullptr) return no_such_command(words, console);
  Result<Arguments> arguments = Arguments::parse(words.subspan(name_words), command->options);
  if (!arguments) return wrong_usage(*command, arguments.error().message, console);
  int code = kDone;
  if (arguments->has("--help")) {
    (void)console.write(command_help(*command));
  } else if (arguments->operands().size() < command->operands_min) {
    return wrong_usage(*command, "'leat " + command->name + "' wants " + command->operands, console);
  } else if (arguments->operands().size() > command->operands_max) {
    return wrong_usage(*command, "unexpected '" + arguments->operands()[command->operands_max] + "'", console);
  } else {
    code = command->run(*arguments, console);
  }
  if (Status flushed = console.flush(); !flushed && code == kDone) return console.fail(flushed.error());
  return code;
}

OptionInfo data_option() {
  return {"--data", 'd', "DIR", "The data directory. Default: $LEAT_DATA, or ./leat-data."};
}

int exit_code_of(const Error& error) {
  bool usage = error.code == Errc::kInvalidArgument || error.code == Errc::kOutOfRange;
  return usage ? kUsage : kFailed;
}

OptionInfo set_option() {
  return {"--set", 's', "KEY=VALUE", "A setting, as SET 'KEY' = 'VALUE' but stronger than the script's. Repeatable.",
          {},      true};
}

OptionInfo job_name_option() {
  return {"--job", 'j', "NAME", "The job's name: letters, digits, _ and -."};
}

OptionInfo fresh_option() {
  return {"--fresh", 0, "", "Forget what is kept of the job, its dead letters too, and start over."};
}

OptionInfo json_option() {
  return {"--json", 0, "", "One JSON object a line, for programs."};
}

}  // namespace leat
