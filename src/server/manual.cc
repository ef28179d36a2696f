// The reference of all commands as a manual page and in Markdown.
#include "server/help.h"

namespace leat {
namespace {

std::string roff(const std::string& text) {
  std::string out;
  for (char c : text) {
    bool line_start = out.empty() || out.back() == '\n';
    if (line_start && (c == '.' || c == '\'')) out += "\\&";
    if (c == '\\')
      out += "\\e";
    else if (c == '-')
      out += "\\-";
    else if (c == '\n')
      out += "\n.PP\n";
    else
      out += c;
  }
  return out;
}

std::string roff_command(const Command& command) {
  std::string out = ".SS \"leat " + command.name + " " + roff(command.operands) + "\"\n" + roff(command.summary) + "\n";
  if (!command.details.empty()) out += ".PP\n" + roff(command.details) + "\n";
  for (const OptionInfo& option : command.options) {
    out += ".TP\n\\fB";
    if (option.letter != 0) out += "\\-" + std::string(1, option.letter) + "\\fR, \\fB";
    out += roff(option.name) + "\\fR" + (option.value.empty() ? "" : " \\fI" + roff(option.value) + "\\fR") + "\n";
    out += roff(option.help) + "\n";
  }
  for (const Example& example : command.examples) {
    out += ".PP\n" + roff(example.what) + "\n.PP\n.nf\n.RS\n" + roff(example.line) + "\n.RE\n.fi\n";
  }
  return out;
}

std::string escape_cell(const std::string& text) {
  std::string out;
  for (char c : text) {
    if (c == '|') out += '\\';
    out += c;
  }
  return out;
}

}  // namespace

std::string manual_page() {
  std::string out = std::string(".TH LEAT 1 \"\" \"leat ") + kVersion + "\" \"User Commands\"\n.SH NAME\n" +
                    "leat \\- windows over events, exactly once, with nothing lost\n.SH SYNOPSIS\n" +
                    ".B leat\n.I COMMAND\n[\\fIARGUMENTS\\fR]\n.SH COMMANDS\n";
  for (const Command& command : commands()) out += roff_command(command);
  return out +
         ".SH \"EXIT STATUS\"\n.TP\n0\nDone; also stopped on request, and nothing left to do.\n"
         ".TP\n1\nThe job, the query or the command failed.\n.TP\n2\nWrong usage or SQL: nothing ran.\n"
         ".SH ENVIRONMENT\n.TP\nLEAT_DATA\nThe data directory, where \\-\\-data does not say.\n"
         ".TP\nLEAT_BOOTSTRAP\nThe brokers of a Kafka cluster, where \\-\\-bootstrap does not say.\n"
         ".TP\nNO_COLOR\nNo colours, if it is set.\n"
         ".SH FILES\n.TP\n~/.leat_history\nWhat was typed at the prompt of \\fBleat sql\\fR.\n";
}

std::string commands_markdown() {
  std::string out;
  for (const Command& command : commands()) {
    out += "## leat " + command.name + "\n\n" + command.summary + "\n\n```\n" + usage_line(command) + "\n```\n\n";
    if (!command.details.empty()) {
      for (char c : command.details) out += c == '\n' ? "\n\n" : std::string(1, c);
      out += "\n\n";
    }
    if (!command.options.empty()) out += "| option | meaning |\n|---|---|\n";
    for (const OptionInfo& option : command.options) {
      std::string letter = option.letter != 0 ? "`-" + std::string(1, option.letter) + "`, " : "";
      std::string value = option.value.empty() ? "" : " " + option.value;
      out += "| " + letter + "`" + option.name + value + "` | " + escape_cell(option.help) + " |\n";
    }
    if (!command.options.empty()) out += "\n";
    if (!command.examples.empty()) out += command.examples_run ? "```sh\n" : "```sh not-run\n";
    for (const Example& example : command.examples) out += "# " + example.what + "\n" + example.line + "\n";
    if (!command.examples.empty()) out += "```\n\n";
  }
  out.pop_back();
  return out;
}

}  // namespace leat
