#include "job/letters.h"

#include "base/build_id.h"
#include "dlq/dead_letters.h"
#include "dlq/encode.h"

namespace leat {

void JobDeadLetters::add(DeadLetter letter) {
  if (!status_) return;
  if (on_error_ == OnError::kFail && letter.cause != DeadLetterClass::kLate) {
    std::string where = letter.file.empty() ? letter.table : letter.file + ":" + std::to_string(letter.line);
    status_ = Error{Errc::kInvalidArgument, where + ": " + letter.message + " (" + letter.reason +
                                                "); SET 'leat.on-error' = 'dead-letter' keeps such rows and goes on"};
    return;
  }
  std::string topic = dead_letter_topic(job_, letter.table);
  status_ = log_.add_letter(topic, 0, letter_record(letter, job_, build_id(), env_.clock.wall()));
}

}  // namespace leat
