#pragma once
// What SHOW, DESCRIBE and SET answer, in the format that results have.
#include "server/row_printer.h"
#include "sql/session.h"

namespace leat {

// All values are text. As a table that is wider than the terminal, columns that are empty everywhere are left out.
Status print_text_table(const TextTable&, ResultFormat, TextOut&);

}  // namespace leat
