#pragma once
// SelectPrinter: shows what a query gives, as it runs: its rows, and what became of those that are late or failed.
#include <string>
#include <vector>

#include "job/job.h"
#include "server/console.h"
#include "server/late_rows.h"
#include "server/query_options.h"
#include "server/stop_signal.h"

namespace leat {

class SelectPrinter final : public QueryObserver {
 public:
  struct Parts {
    Console& console;
    const StopSignal& stop;
    const LateRows& late_rows;
    const QueryOptions& options;
    bool fail_on_error;  // Else failed rows are counted.
    bool flush_at_once;  // Input that does not end: rows are shown when they come.
  };
  // All of it outlives the printer.
  SelectPrinter(Parts parts, RowPrinter& printer) : parts_(parts), printer_(printer) {}

  Status rows(const Batch&) override;
  Status dead_letter(const DeadLetter&) override;
  bool stop_requested() override { return parts_.stop.requested(); }

  void summarise() const;  // On standard error; nothing if there is nothing to say.

 private:
  Parts parts_;
  RowPrinter& printer_;
  int64_t late_ = 0, partly_late_ = 0, dead_ = 0;
  std::vector<std::string> first_dead_;
};

// "FILE:LINE: message (reason)", and the row, shortened.
std::string describe_failure(const DeadLetter&);

}  // namespace leat
