#pragma once
// Records of topics as lines.
#include "topic/topic.h"

namespace leat {

struct RecordStyle {
  bool json = false;
  bool key = false;      // In front of the value, with key_separator between.
  bool headers = false;  // In front of both, as NAME=VALUE,NAME=VALUE and a tab.
  std::string key_separator = "\t";
  bool printable = false;  // For a terminal: no control characters.
};

// Without a line end. A null key or value is empty, but null in JSON.
Bytes record_line(int32_t partition, const ConsumedRecord&, const RecordStyle&);

}  // namespace leat
