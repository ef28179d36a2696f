#pragma once
// OffsetsKeeper: forgets committed offsets that no group has used for as long as they are kept
// (offsets.retention.minutes): those of groups that are empty, and those of topics to which a group no longer
// subscribes; never one that a transaction is about to replace. A group that is empty and has no offsets left goes too.
//
// Time counts from the commit or, if that was later, from when the group was last seen with members; after a restart of
// the broker from then on, since nobody knows.
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>

#include "base/types.h"
#include "env/loop.h"

namespace leat {

class Broker;

class OffsetsKeeper {
 public:
  // From then on it does its work, on the broker's thread.
  explicit OffsetsKeeper(Broker&);

 private:
  void wait();
  void look();
  // Whether a group has members, and to which topics they subscribe; nullopt: perhaps to any.
  struct Use {
    bool has_members = false;
    std::optional<std::set<std::string>> topics;
  };
  Use use_of(const std::string& group) const;

  Broker& broker_;
  WallTime started_;
  std::map<std::string, WallTime> seen_;  // Groups with members: when they were last seen so.
  std::unique_ptr<Loop::Timer> timer_;
};

}  // namespace leat
