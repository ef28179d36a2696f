#pragma once
// A captured dead letter as the record that keeps it.
#include "stream/dead_letter.h"
#include "topic/topic.h"

namespace leat {

// `now` is the time of the failure; the record's timestamp too. Headers together stay below 16 KiB: the stack and the
// message are cut, never the payload.
Record letter_record(const DeadLetter&, const std::string& job, const std::string& build, WallTime now);

}  // namespace leat
