#pragma once
// What a checkpoint keeps of a node of the graph beside its operator's own state: its account, and how far time has
// come.
#include <string>
#include <vector>

#include "base/types.h"
#include "stream/ledger.h"

namespace leat {

struct NodeRecord {
  enum class Role : uint8_t { kSource, kOperator, kSink };
  std::string name;
  Role role = Role::kOperator;
  Account account;
  EventTime sent = kMinEventTime;    // The watermark that went downstream.
  EventTime merged = kMinEventTime;  // Over the inputs.
  bool end_sent = false;
  int64_t inputs_ended = 0;
  std::vector<EventTime> inputs;

  Bytes encode() const;
  static NodeRecord decode(BytesView);
};

// Keys of the records in a job's log: a letter for what it is, the node's number, then an operator's own key.
struct StateKey {
  enum class Kind : char { kOperator = 'o', kSource = 's', kNode = 'n' };
  Kind kind;
  size_t node;
  BytesView rest;

  static Bytes make(Kind, size_t node, BytesView rest = {});
  static StateKey parse(BytesView);
};

}  // namespace leat
