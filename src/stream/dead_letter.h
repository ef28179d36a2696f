#pragma once
// A row that could not be processed, with everything needed to understand it and send it back. Captured here by sources
// and operators; written by job/ in the transaction of the position that passes the row.
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/types.h"
#include "columnar/batch.h"

namespace leat {

enum class DeadLetterClass : uint8_t { kTransient, kData, kCode, kPoison, kLate };
const char* to_string(DeadLetterClass);

struct LateFacts {
  EventTime event_time;
  EventTime watermark;                                   // Before the row.
  int64_t late_ms = 0;                                   // watermark - event time.
  std::vector<std::pair<EventTime, EventTime>> windows;  // Each window missed: [start, end).
  bool partly = false;                                   // In time for others, and counted there.
};

struct DeadLetter {
  DeadLetterClass cause = DeadLetterClass::kData;
  std::string reason;     // Slug, for grouping: "json.invalid", "cast.invalid", "late", "crash.sigsegv".
  std::string message;    // With the offending value.
  std::string exception;  // Type of what user code threw; empty otherwise.
  std::string stack;      // Of user code's failure; empty otherwise.
  std::string op;         // Name of the operator.
  std::string table;      // Source table; of a row made by an aggregate: the operator's name.
  std::string file;
  uint64_t line = 0;
  int32_t partition = 0;
  uint64_t position = 0;
  Bytes payload;  // The original bytes, exactly.
  int32_t crashes = 0;
  std::optional<LateFacts> late;
};

// The facts of row `row` of `batch` filled in; for a row that never was bytes the payload is its columns as JSON.
DeadLetter letter_for(const Batch& batch, uint32_t row, DeadLetterClass, std::string reason, std::string message);

class DeadLetterSink {
 public:
  virtual ~DeadLetterSink() = default;
  virtual void add(DeadLetter) = 0;
};

}  // namespace leat
