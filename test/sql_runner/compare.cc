#include "test/sql_runner/compare.h"

#include <algorithm>
#include <cstdio>

namespace leat::sqltest {
namespace {

using Lines = std::vector<std::string>;

constexpr size_t kShownMax = 40;

std::string shown(const Lines& missing, const Lines& extra) {
  std::string out;
  for (const auto& [sign, lines] : {std::pair('-', &missing), {'+', &extra}}) {
    for (size_t i = 0; i < lines->size(); ++i) {
      if (i == kShownMax) {
        out += std::string("  ") + sign + " and " + std::to_string(lines->size() - i) + " more\n";
        break;
      }
      out += std::string("  ") + sign + " " + (*lines)[i] + "\n";
    }
  }
  return out;
}

std::string difference(const std::string& kind, Lines expected, Lines actual, bool ordered) {
  if (ordered && expected != actual) return kind + ":\n" + shown(expected, actual);
  std::sort(expected.begin(), expected.end());
  std::sort(actual.begin(), actual.end());
  Lines missing, extra;
  std::set_difference(expected.begin(), expected.end(), actual.begin(), actual.end(), std::back_inserter(missing));
  std::set_difference(actual.begin(), actual.end(), expected.begin(), expected.end(), std::back_inserter(extra));
  return missing.empty() && extra.empty() ? "" : kind + ":\n" + shown(missing, extra);
}

// "3:8 message" of "line 3, column 8: message", and the lines that follow; "message" where there is no place.
Lines error_lines(const std::string& error) {
  int line = 0, column = 0, used = 0;
  Lines out = lines_of(error);
  if (!out.empty() && std::sscanf(out[0].c_str(), "line %d, column %d: %n", &line, &column, &used) == 2) {
    out[0] = std::to_string(line) + ":" + std::to_string(column) + " " + out[0].substr(static_cast<size_t>(used));
  }
  return out;
}

// The first line expected begins with the place; all of them are somewhere in the message.
std::string error_difference(const Section* expected, const std::string& error) {
  Lines actual = error_lines(error);
  if (expected == nullptr) return actual.empty() ? "" : "error:\n" + shown({}, actual);
  Lines wanted = lines_of(expected->body);
  std::string all;
  for (const std::string& line : actual) all += line + "\n";
  bool same = !actual.empty();
  for (size_t i = 0; same && i < wanted.size(); ++i) {
    std::string part = wanted[i];
    bool placed = i == 0 && part.find_first_not_of("0123456789:") != 0;
    if (placed) {
      size_t space = part.find(' ');
      same = actual[0].starts_with(part.substr(0, space) + " ");
      part = space == std::string::npos ? "" : part.substr(space + 1);
    }
    same = same && all.find(part) != std::string::npos;
  }
  return same ? "" : "error:\n" + shown(wanted, actual);
}

Lines expected_lines(const Step& step, const std::string& kind) {
  const Section* section = step.find(kind);
  return section == nullptr ? Lines() : lines_of(section->body);
}

void accept(Step& out, const Step& before, const std::string& kind, const Lines& lines, bool always) {
  if (lines.empty() && !always) return;
  Section section;
  if (const Section* old = before.find(kind)) section.arguments = old->arguments;
  section.kind = kind;
  for (const std::string& line : lines) section.body += line + "\n";
  out.expected.push_back(std::move(section));
}

}  // namespace

std::string differences(const Step& step, const StepResult& result) {
  if (result.skipped) return "";
  const Section* rows = step.find("rows");
  std::string out = error_difference(step.find("error"), result.error);
  out += difference("rows", expected_lines(step, "rows"), result.rows, rows != nullptr && rows->has("ordered"));
  out += difference("late", expected_lines(step, "late"), result.late, false);
  out += difference("dead", expected_lines(step, "dead"), result.dead, false);
  out += difference("text", expected_lines(step, "text"), lines_of(result.text), true);
  return out;
}

Step accepting(const Step& before, const StepResult& result) {
  Step out{before.run, {}};
  bool query = before.run.kind == "query" && result.error.empty() && result.text.empty();
  accept(out, before, "rows", result.rows, query);
  accept(out, before, "late", result.late, false);
  accept(out, before, "dead", result.dead, false);
  Lines error = error_lines(result.error);
  if (!error.empty()) accept(out, before, "error", {error[0]}, false);
  accept(out, before, "text", lines_of(result.text), false);
  return out;
}

}  // namespace leat::sqltest
