#pragma once
// Dead letters in topics: how one is written, found again and shown. The topic is dlq.<job>.<table>; the record's value
// is the row's original bytes, everything else is in headers: KIP-1191's names for the facts that Kafka has a name for,
// __dlq.x.* for the others (docs/dead-letters.md lists them).
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "topic/topic.h"

namespace leat {

// As read back; a record written by another program with other headers gives what it has.
struct StoredLetter {
  std::string id;  // Stable through replays; see letter_id.h.
  std::string topic;
  int32_t partition = 0;
  Offset offset;
  std::string job, table, file;
  uint64_t line = 0, position = 0;
  int32_t source_partition = 0;
  std::string letter_class, reason, message, exception, stack, op, build;
  int64_t retries = 0, crashes = 0;
  WallTime first_failure, last_failure;
  std::optional<int64_t> watermark_ms, event_time_ms, late_ms;
  bool partly = false;
  std::vector<std::pair<int64_t, int64_t>> windows;  // [start, end) in ms.
  Record record;
};

std::string dead_letter_topic(const std::string& job, const std::string& table);
StoredLetter parse_letter(const std::string& topic, int32_t partition, const ConsumedRecord&);

struct LetterFilter {
  std::string job{}, table{}, letter_class{}, reason{};  // Empty: any.
};
// Every letter, in the order of topics and offsets. `visit` returns false to stop.
Status visit_letters(Topics&, const LetterFilter&, const std::function<bool(const StoredLetter&)>& visit);
Result<std::optional<StoredLetter>> find_letter(Topics&, const std::string& id);

struct LetterGroup {
  std::string job, table, letter_class, reason;
  int64_t count = 0;
  WallTime first_failure, last_failure;
  std::string example_id;
};
Result<std::vector<LetterGroup>> group_letters(Topics&, const LetterFilter&);  // By job, table, class, reason.

// One JSON object, without a line end: the shape of `leat dlq export`.
Bytes letter_to_json(const StoredLetter&);

}  // namespace leat
