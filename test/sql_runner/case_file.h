#pragma once
// CaseFile: one file of SQL tests, as test/sql/README.md describes it.
#include <string>
#include <vector>

#include "base/result.h"

namespace leat::sqltest {

// A section of the file: the line that introduces it, and the lines up to the next one.
struct Section {
  std::string kind;                    // "file", "script", "query", "rows", "late", "dead", "error" or "text".
  std::vector<std::string> arguments;  // What follows the kind.
  std::string body;                    // Every line with its line end.
  int line = 0;                        // Of the introducing line, from 1.
  bool has(const std::string& argument) const;
};

// A statement or script, and what is expected of it. Sections that are absent expect nothing: no rows, no late rows, no
// dead letters, no error.
struct Step {
  Section run;  // kind "script" or "query".
  std::vector<Section> expected;
  const Section* find(const std::string& kind) const;
};

struct CaseFile {
  std::string path;
  std::string head;  // Comments before the first section.
  std::vector<Section> files;
  std::vector<Step> steps;

  static Result<CaseFile> parse(const std::string& path, const std::string& text);
  std::string to_text() const;
};

// What a `file` section with the argument "escaped" stands for: \n \r \t \\ \xHH, and a line end at the end of a line
// only where one is escaped.
Result<std::string> unescaped(const Section&);

std::vector<std::string> lines_of(const std::string& text);  // Without blank ones.

}  // namespace leat::sqltest
