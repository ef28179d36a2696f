#include "server/help.h"

#include <algorithm>

#include "base/build_id.h"

namespace leat {
namespace {

std::string option_forms(const OptionInfo& option) {
  std::string out = option.letter != 0 ? std::string{'-', option.letter, ',', ' '} : std::string(4, ' ');
  out += option.name;
  if (!option.value.empty()) out += " " + option.value;
  return out;
}

// Wrapped at 80 columns, every line but the first indented by `indent`. A piece is never broken.
std::string wrap(const std::vector<std::string>& pieces, size_t indent) {
  constexpr size_t kWidth = 80;
  std::string out;
  size_t column = indent;
  for (const std::string& piece : pieces) {
    if (column > indent && column + 1 + piece.size() > kWidth) {
      out += '\n' + std::string(indent, ' ');
      column = indent;
    }
    if (column > indent) out += ' ', ++column;
    out += piece;
    column += piece.size();
  }
  return out;
}

std::string wrap(const std::string& text, size_t indent) {
  std::vector<std::string> words;
  for (size_t i = 0; i < text.size();) {
    size_t end = std::min(text.find(' ', i), text.size());
    words.push_back(text.substr(i, end - i));
    i = end + 1;
  }
  return wrap(words, indent);
}

std::string wrap_paragraphs(const std::string& text) {
  std::string out;
  for (size_t i = 0; i < text.size();) {
    size_t end = std::min(text.find('\n', i), text.size());
    out += wrap(text.substr(i, end - i), 0) + "\n";
    i = end + 1;
  }
  return out;
}

// Of a command, of every command of a group, or the settings.
std::string help_of(const std::string& name) {
  if (name == "settings") return settings_help();
  if (const Command* command = find_command(name)) return command_help(*command);
  std::string out;
  for (const Command& command : commands()) {
    if (command.name.starts_with(name + " ")) out += (out.empty() ? "" : "\n") + command_help(command);
  }
  return out;
}

int run_help(const Arguments& arguments, Console& console) {
  std::string name;
  for (const std::string& word : arguments.operands()) name += (name.empty() ? "" : " ") + word;
  std::string text;
  if (arguments.has("--man")) {
    text = manual_page();
  } else if (arguments.has("--markdown")) {
    text = name == "settings" ? settings_markdown() : commands_markdown();
  } else {
    text = name.empty() ? program_help() : help_of(name);
  }
  if (text.empty()) return console.fail({Errc::kNotFound, "no command '" + name + "'; `leat help` lists them"}, kUsage);
  (void)console.write(text);
  return kDone;
}

int run_version(const Arguments&, Console& console) {
  (void)console.write(std::string("leat ") + kVersion + " (build " + build_id() + ")\n");
  return kDone;
}

}  // namespace

std::string usage_line(const Command& command) {
  std::vector<std::string> pieces{"usage: leat " + command.name};
  if (!command.operands.empty()) pieces.push_back(command.operands);
  for (const OptionInfo& option : command.options) {
    pieces.push_back("[" + option.name + (option.value.empty() ? "" : " " + option.value) + "]" +
                     (option.repeatable ? "..." : ""));
  }
  return wrap(pieces, 4);
}

std::string command_help(const Command& command) {
  std::string out = wrap("leat " + command.name + ": " + command.summary, 0) + "\n\n" + usage_line(command) + "\n";
  if (!command.details.empty()) out += "\n" + wrap_paragraphs(command.details);
  if (!command.options.empty()) {
    size_t width = 0;
    for (const OptionInfo& option : command.options) width = std::max(width, option_forms(option).size());
    out += "\noptions:\n";
    for (const OptionInfo& option : command.options) {
      std::string forms = option_forms(option);
      out += "  " + forms + std::string(width - forms.size() + 2, ' ') + wrap(option.help, width + 4) + "\n";
    }
  }
  if (!command.examples.empty()) out += "\nexamples:\n";
  for (const Example& example : command.examples) out += "  # " + example.what + "\n  " + example.line + "\n";
  return out;
}

std::string program_help() {
  std::string out =
      "leat: windows over events, exactly once, with nothing lost\n\n"
      "usage: leat COMMAND [ARGUMENTS]\n\ncommands:\n";
  size_t width = 0;
  for (const Command& command : commands()) width = std::max(width, command.name.size());
  for (const Command& command : commands()) {
    std::string indent(width - command.name.size() + 2, ' ');
    out += "  " + command.name + indent + wrap(command.summary, width + 4) + "\n";
  }
  return out +
         "\n`leat help COMMAND` shows a command's options, with examples;\n"
         "`leat help settings` what SET and --set know.\n"
         "exit codes: 0 done; 1 the job or the query failed; 2 wrong usage or SQL.\n";
}

Command version_command() {
  Command command;
  command.name = "version";
  command.summary = "Show the version and the build.";
  command.examples = {{"leat version", "Which program is this?"}};
  command.run = run_version;
  return command;
}

Command help_command() {
  Command command;
  command.name = "help";
  command.operands = "[COMMAND|settings]";
  command.operands_max = 2;
  command.summary = "Show the commands, one of them with examples, or the settings.";
  command.options = {{"--man", 0, "", "The manual page, for man(1)."},
                     {"--markdown", 0, "", "The reference of all commands, or of the settings, in Markdown."}};
  command.examples = {{"leat help dlq show", "One command."},
                      {"leat help settings", "The settings, with their defaults."},
                      {"leat help --man > leat.1", "The manual page, for man -l leat.1."}};
  command.run = run_help;
  return command;
}

}  // namespace leat
