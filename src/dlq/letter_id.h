#pragma once
// The identity of a dead letter.
#include <string>

#include "stream/dead_letter.h"

namespace leat {

// 128 bits in hexadecimal. A function of what failed and where, never of when: a job that is killed and goes on writes
// the same letter under the same id. The operator and the payload take part because one row can fail in two operators,
// and rows that an aggregate made have no position of their own.
std::string letter_id(const DeadLetter&, const std::string& job);

}  // namespace leat
