#pragma once
// Members of consumer groups as people know them.
#include "client/groups.h"

namespace leat {

// "flights 0-2,5; delays 1"
std::string assignment_text(const std::set<TopicPartition>&);
// {"flights":[0,1,2,5],"delays":[1]}
std::string assignment_json(const std::set<TopicPartition>&);
// "client 'app' on /10.0.0.7", and its instance id if it has one.
std::string member_text(const client::GroupMember&);
// Of a group that has members: nobody else may change its offsets, or delete it. Names them.
Error has_members(const client::GroupDescription&, const std::string& what_for);

}  // namespace leat
