// `leat completion`: scripts by which shells complete our commands and options. They are made from the list of
// commands, so they cannot fall behind.
#include "plan/settings.h"
#include "server/command.h"

namespace leat {
namespace {

// "run sql … job" and, for a group, its second words.
std::vector<std::string> first_words() {
  std::vector<std::string> out;
  for (const Command& command : commands()) {
    std::string word = command.name.substr(0, command.name.find(' '));
    if (out.empty() || out.back() != word) out.push_back(word);
  }
  return out;
}

std::string second_words(const std::string& group) {
  std::string out;
  for (const Command& command : commands()) {
    if (!command.name.starts_with(group + " ")) continue;
    out += (out.empty() ? "" : " ") + command.name.substr(group.size() + 1);
  }
  return out;
}

std::string option_words(const Command& command) {
  std::string out = "--help";
  for (const OptionInfo& option : command.options) out += " " + option.name;
  return out;
}

std::string join(const std::vector<std::string>& words) {
  std::string out;
  for (const std::string& word : words) out += (out.empty() ? "" : " ") + word;
  return out;
}

std::string settings_to_set() {
  std::string out;
  for (const SettingInfo& setting : Settings::known()) out += (out.empty() ? "" : " ") + setting.name + "=";
  return out;
}

// bash and zsh (through bashcompinit) share it.
std::string bash_script() {
  std::string out =
      "_leat() {\n"
      "  local word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD-1]} words=\n"
      "  local command=${COMP_WORDS[1]}\n"
      "  if ((COMP_CWORD == 1)); then words=\"" +
      join(first_words()) + "\"; fi\n";
  for (const std::string& word : first_words()) {
    std::string seconds = second_words(word);
    if (seconds.empty()) continue;
    out += "  if [[ $command == " + word + " ]]; then\n    if ((COMP_CWORD == 2)); then words=\"" + seconds +
           "\"; fi\n    command=\"" + word + " ${COMP_WORDS[2]}\"\n  fi\n";
  }
  out += "  if [[ $command == help ]]; then words=\"settings " + join(first_words()) + "\"; fi\n";
  out += "  if [[ $command == completion ]]; then words=\"bash zsh fish\"; fi\n";
  out += "  if [[ $before == --set || $before == -s ]]; then words=\"" + settings_to_set() +
         "\"; compopt -o nospace 2>/dev/null; fi\n";
  out += "  case \"$command $before\" in\n";
  for (const Command& command : commands()) {
    for (const OptionInfo& option : command.options) {
      if (option.choices.empty()) continue;
      out += "    \"" + command.name + " " + option.name + "\") words=\"" + join(option.choices) + "\" ;;\n";
    }
  }
  out += "  esac\n  if [[ $word == -* ]]; then\n    case $command in\n";
  for (const Command& command : commands()) {
    out += "      \"" + command.name + "\") words=\"" + option_words(command) + "\" ;;\n";
  }
  return out +
         "    esac\n  fi\n"
         "  COMPREPLY=($(compgen -W \"$words\" -- \"$word\"))\n"
         "  if [[ -z $words ]]; then COMPREPLY=($(compgen -f -- \"$word\")); fi\n"
         "}\n"
         "complete -o filenames -F _leat leat\n";
}

std::string fish_quoted(const std::string& text) {
  std::string out = "'";
  for (char c : text) {
    if (c == '\'' || c == '\\') out += '\\';
    out += c;
  }
  return out + "'";
}

std::string fish_script() {
  std::string out;
  for (const Command& command : commands()) {
    size_t space = command.name.find(' ');
    std::string first = command.name.substr(0, space);
    std::string condition = "__fish_seen_subcommand_from " + first;
    if (space == std::string::npos) {
      out += "complete -c leat -n __fish_use_subcommand -f -a " + first + " -d " + fish_quoted(command.summary) + "\n";
    } else {
      std::string second = command.name.substr(space + 1);
      out += "complete -c leat -n __fish_use_subcommand -f -a " + first + "\n";
      out += "complete -c leat -n " +
             fish_quoted(condition + "; and not __fish_seen_subcommand_from " + second_words(first)) + " -f -a " +
             second + " -d " + fish_quoted(command.summary) + "\n";
      condition += "; and __fish_seen_subcommand_from " + second;
    }
    for (const OptionInfo& option : command.options) {
      out += "complete -c leat -n " + fish_quoted(condition) + " -l " + option.name.substr(2);
      if (option.letter != 0) out += std::string(" -s ") + option.letter;
      if (!option.value.empty()) out += " -r";
      if (!option.choices.empty()) out += " -f -a " + fish_quoted(join(option.choices));
      if (option.name == "--set") out += " -f -a " + fish_quoted(settings_to_set());
      out += " -d " + fish_quoted(option.help) + "\n";
    }
  }
  return out;
}

int run_completion(const Arguments& arguments, Console& console) {
  const std::string& shell = arguments.operands()[0];
  if (shell == "bash") {
    (void)console.write(bash_script());
  } else if (shell == "zsh") {
    (void)console.write("#compdef leat\nautoload -Uz compinit bashcompinit && compinit && bashcompinit\n" +
                        bash_script());
  } else if (shell == "fish") {
    (void)console.write(fish_script());
  } else {
    return console.fail({Errc::kInvalidArgument, "no completion for '" + shell + "': expected bash, zsh or fish"},
                        kUsage);
  }
  return kDone;
}

}  // namespace

Command completion_command() {
  Command command;
  command.name = "completion";
  command.operands = "bash|zsh|fish";
  command.operands_min = command.operands_max = 1;
  command.summary = "Write the completion script of a shell.";
  command.examples = {
      {"source <(leat completion bash)", "In this shell; put it into ~/.bashrc to keep it."},
      {"leat completion fish > leat.fish", "For fish, which looks for it in ~/.config/fish/completions."}};
  command.run = run_completion;
  return command;
}

}  // namespace leat
