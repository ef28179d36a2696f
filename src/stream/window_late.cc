#include "stream/window_late.h"

#include "columnar/function.h"

namespace leat {
namespace {

std::string time_text(int64_t ms) {
  static const EvalSettings kPlain;
  return value_to_text(Value{ms * 1000}, DataType::timestamp(3), kPlain);
}

std::string window_text(const Window& window) {
  return "[" + time_text(window.start_ms) + ", " + time_text(window.end_ms) + ")";
}

}  // namespace

void report_late(OperatorContext& context, const Batch& batch, uint32_t row, EventTime time,
                 const std::vector<Window>& missed, bool partly) {
  CHECK(!missed.empty() && !batch.watermarks.empty());
  EventTime watermark{batch.watermarks[row]};
  Account& account = context.account;
  ++(partly ? account.partly_late : account.late);
  if (partly) ++account.passed;
  std::string message = "event time " + time_text(time.value) + " came when the watermark was " +
                        time_text(watermark.value) + ": too late for the window " + window_text(missed.front());
  if (missed.size() > 1) message += " and " + std::to_string(missed.size() - 1) + " more";
  DeadLetter letter = letter_for(batch, row, DeadLetterClass::kLate, "late", std::move(message));
  letter.op = context.name;
  if (letter.table.empty()) letter.table = context.name;
  LateFacts facts{time, watermark, watermark.value - time.value, {}, partly};
  for (const Window& window : missed) facts.windows.push_back({EventTime{window.start_ms}, EventTime{window.end_ms}});
  letter.late = std::move(facts);
  context.dead_letters.add(std::move(letter));
}

}  // namespace leat
