#include "server/select_printer.h"

#include "server/human.h"

namespace leat {
namespace {

constexpr size_t kShownDeadMax = 3;
constexpr size_t kShownRowWidth = 160;

std::string rows_text(int64_t rows) {
  return human_count(rows) + (rows == 1 ? " row" : " rows");
}

}  // namespace

std::string describe_failure(const DeadLetter& letter) {
  std::string where = letter.table;
  if (!letter.file.empty()) where = letter.file + ":" + std::to_string(letter.line);
  std::string row = printable_line(BytesView(letter.payload).substr(0, 4 * kShownRowWidth));
  std::string shown = fit_width(row, kShownRowWidth);
  if (shown.size() < row.size() || letter.payload.size() > 4 * kShownRowWidth) shown += "…";
  return printable_line(where) + ": " + printable_line(letter.message) + " (" + letter.reason + ")\n  row: " + shown;
}

Status SelectPrinter::rows(const Batch& batch) {
  TRY(printer_.rows(batch));
  return parts_.flush_at_once ? parts_.console.flush() : Status{};
}

Status SelectPrinter::dead_letter(const DeadLetter& letter) {
  if (letter.late) {
    ++(letter.late->partly ? partly_late_ : late_);
    if (!parts_.options.late) return {};
    Bytes lines;
    parts_.late_rows.append(letter, lines);
    return parts_.console.write(lines);
  }
  if (parts_.fail_on_error) {
    return Error{Errc::kInvalidArgument,
                 describe_failure(letter) + "\n  SET 'leat.on-error' = 'dead-letter' sets such rows aside and goes on"};
  }
  ++dead_;
  if (first_dead_.size() < kShownDeadMax) first_dead_.push_back(describe_failure(letter));
  return {};
}

void SelectPrinter::summarise() const {
  for (const std::string& text : first_dead_) parts_.console.note(text);
  if (dead_ > 0)
    parts_.console.note(rows_text(dead_) + (dead_ == 1 ? " failed and was left out" : " failed and were left out"));
  if (late_ > 0) parts_.console.note(rows_text(late_) + " came too late for every window");
  if (partly_late_ > 0) parts_.console.note(rows_text(partly_late_) + " came too late for some of their windows");
}

}  // namespace leat
