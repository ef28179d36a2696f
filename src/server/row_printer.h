#pragma once
// RowPrinter: writes the rows of a query's result as they come. One file for each format.
#include <memory>
#include <string>

#include "columnar/batch.h"
#include "columnar/expr.h"
#include "plan/rel.h"
#include "server/text_out.h"

namespace leat {

class RowPrinter {
 public:
  virtual ~RowPrinter() = default;
  virtual Status rows(const Batch&) = 0;
  virtual Status end() = 0;  // Once, after the last rows; not after an error.
};

// What every printer is given; all of it outlives the printer.
struct PrintContext {
  const Schema& schema;
  const EvalSettings& settings;
  TextOut& out;
};

std::unique_ptr<RowPrinter> make_csv_printer(PrintContext);        // RFC 4180 with a header; NULL is empty, '' is "".
std::unique_ptr<RowPrinter> make_json_printer(PrintContext);       // One object a line.
std::unique_ptr<RowPrinter> make_changelog_printer(PrintContext);  // {"op":"+I|-U|+U|-D","row":{…}} a line.
// As psql: aligned columns, then "(N rows)"; each row as a record of lines if the columns are wider than the terminal.
// Rows are held back to find the columns' widths, up to a limit; with `at_once` they are not held back, and the widths
// follow from the types.
std::unique_ptr<RowPrinter> make_table_printer(PrintContext, bool at_once);

// Applies changes, and hands the rows that are left to `inner` at the end, in the order in which they came to be.
std::unique_ptr<RowPrinter> make_materialiser(const Schema&, std::unique_ptr<RowPrinter> inner);
// Makes the kind of each change a column "op" before the others, for `inner` that knows inserts only.
std::unique_ptr<RowPrinter> make_op_column(std::unique_ptr<RowPrinter> inner);
Schema with_op_column(const Schema&);

enum class ResultFormat { kTable, kCsv, kJson, kChangelogJson };
ResultFormat parse_result_format(const std::string& name);  // One of the names that --format offers.

// The printer for a result of these changes over input that ends, or does not.
std::unique_ptr<RowPrinter> make_printer(ResultFormat, PrintContext, Changes, bool bounded);

const char* op_name(RowKind);  // "+I", "-U", "+U", "-D".

// Appends {"column":value,…}.
void append_row_json(const Batch&, uint32_t row, const Schema&, const EvalSettings&, Bytes& out);

}  // namespace leat
