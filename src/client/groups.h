#pragma once
// Consumer groups from outside: classic ones, those of KIP-848, and what they have committed.
#include "client/offsets.h"

namespace leat::client {

struct GroupListing {
  std::string id, state, type, protocol_type;  // "Stable"; "classic", "consumer", "share", …; "consumer". Or empty.
};

struct GroupMember {
  std::string id, instance_id, client_id, host;  // No instance id: a dynamic member.
  std::set<TopicPartition> assignment;
  std::vector<std::string> subscription;  // Topics. Empty, if it is a pattern or unknown.
};

struct GroupDescription {
  std::string id, state, type, assignor;
  int32_t coordinator = -1;
  int32_t epoch = -1;  // Of a KIP-848 group.
  std::vector<GroupMember> members;
};

struct GroupOffset {
  Offset offset;
  std::string metadata;
};

// Of every broker, by id.
Result<std::vector<GroupListing>> list_groups(Cluster&);
// kNotFound, naming the nearest group, if there is none of this id. Whether it is classic or not is found out.
Result<GroupDescription> describe_group(Cluster&, const std::string& id);
// What the group has committed, of all partitions. Transactions that are not decided yet are waited for.
Result<std::map<TopicPartition, GroupOffset>> committed_offsets(Cluster&, const std::string& id);
// Stores offsets on behalf of a group that has no members; kConflict if it has some.
Status commit_offsets(Cluster&, const std::string& id, const std::map<TopicPartition, GroupOffset>&);
// kConflict if it has members.
Status delete_group(Cluster&, const std::string& id);

}  // namespace leat::client
