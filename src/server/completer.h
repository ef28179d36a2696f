#pragma once
// What TAB offers at the prompt.
#include <string>
#include <vector>

#include "sql/session.h"

namespace leat {

// Everything that begins like `word`, which starts at `start` of `line`: settings inside quotes, else keywords,
// functions, tables and their columns. In lower case where the word is, sorted.
std::vector<std::string> completions(Session&, const std::string& line, size_t start, const std::string& word);

}  // namespace leat
