#pragma once
// A dead letter as people read it.
#include <string>

#include "dlq/dead_letters.h"

namespace leat {

// Every fact on a line, then the stack, the headers that the facts did not come from, the key and the value, with line
// ends. Safe on a terminal.
std::string letter_text(const StoredLetter&);

}  // namespace leat
