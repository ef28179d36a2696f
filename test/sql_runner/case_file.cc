#include "test/sql_runner/case_file.h"

#include <algorithm>
#include <sstream>

namespace leat::sqltest {
namespace {

constexpr std::string_view kKinds[] = {"file", "script", "query", "rows", "late", "dead", "error", "text"};

Error at_line(const std::string& path, int line, const std::string& message) {
  return Error{Errc::kInvalidArgument, path + ":" + std::to_string(line) + ": " + message};
}

Section make_section(const std::string& introduction, int line) {
  Section out;
  out.line = line;
  std::istringstream words(introduction.substr(4));
  words >> out.kind;
  for (std::string word; words >> word;) out.arguments.push_back(word);
  return out;
}

Status add(CaseFile& file, Section section) {
  auto complain = [&](const std::string& message) { return at_line(file.path, section.line, message); };
  if (std::find(std::begin(kKinds), std::end(kKinds), section.kind) == std::end(kKinds)) {
    return complain("no section is called '" + section.kind + "'; see test/sql/README.md");
  }
  if (section.kind == "file") {
    if (section.arguments.empty()) return complain("a file needs a name");
    file.files.push_back(std::move(section));
  } else if (section.kind == "script" || section.kind == "query") {
    file.steps.push_back({std::move(section), {}});
  } else {
    if (file.steps.empty()) return complain("nothing was run yet that could have this result");
    if (file.steps.back().find(section.kind) != nullptr) return complain("'" + section.kind + "' stands twice");
    file.steps.back().expected.push_back(std::move(section));
  }
  return {};
}

void append(std::string& out, const Section& section) {
  out += "--- " + section.kind;
  for (const std::string& argument : section.arguments) out += " " + argument;
  out += "\n" + section.body;
}

int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  return -1;
}

}  // namespace

bool Section::has(const std::string& argument) const {
  return std::find(arguments.begin(), arguments.end(), argument) != arguments.end();
}

const Section* Step::find(const std::string& kind) const {
  for (const Section& section : expected) {
    if (section.kind == kind) return &section;
  }
  return nullptr;
}

Result<CaseFile> CaseFile::parse(const std::string& path, const std::string& text) {
  CaseFile out;
  out.path = path;
  std::vector<Section> sections;
  std::istringstream lines(text);
  int number = 0;
  for (std::string line; std::getline(lines, line);) {
    ++number;
    if (line.starts_with("--- ")) {
      sections.push_back(make_section(line, number));
    } else if (sections.empty()) {
      out.head += line + "\n";
    } else {
      sections.back().body += line + "\n";
    }
  }
  for (Section& section : sections) TRY(add(out, std::move(section)));
  if (out.head.find("# flink: ") == std::string::npos) {
    return at_line(path, 1,
                   "the head must say what Flink does: '# flink: same', 'differs, because …' or "
                   "'not applicable, because …'");
  }
  if (out.steps.empty()) return at_line(path, 1, "nothing is run");
  return out;
}

std::string CaseFile::to_text() const {
  std::string out = head;
  for (const Section& file : files) append(out, file);
  for (const Step& step : steps) {
    append(out, step.run);
    for (const Section& section : step.expected) append(out, section);
  }
  return out;
}

Result<std::string> unescaped(const Section& section) {
  std::string out;
  const std::string& in = section.body;
  for (size_t i = 0; i < in.size(); ++i) {
    if (in[i] == '\n') continue;
    if (in[i] != '\\') {
      out += in[i];
      continue;
    }
    char c = ++i < in.size() ? in[i] : '\0';
    if (c == 'x' && i + 2 < in.size() && hex_digit(in[i + 1]) >= 0 && hex_digit(in[i + 2]) >= 0) {
      out += static_cast<char>(hex_digit(in[i + 1]) * 16 + hex_digit(in[i + 2]));
      i += 2;
    } else if (size_t at = std::string_view("nrt\\").find(c); at != std::string_view::npos) {
      out += "\n\r\t\\"[at];
    } else {
      return Error{Errc::kInvalidArgument, "line " + std::to_string(section.line) + ": bad escape \\" + c};
    }
  }
  return out;
}

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> out;
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    if (!line.empty()) out.push_back(line);
  }
  return out;
}

}  // namespace leat::sqltest
