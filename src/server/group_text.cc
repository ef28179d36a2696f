#include "server/group_text.h"

#include "dlq/json_object.h"

namespace leat {

std::string assignment_text(const std::set<TopicPartition>& assignment) {
  std::string out;
  for (const auto& [topic, numbers] : client::by_topic(assignment)) {
    out += (out.empty() ? "" : "; ") + topic + " ";
    for (size_t i = 0; i < numbers.size();) {
      size_t last = i;
      while (last + 1 < numbers.size() && numbers[last + 1] == numbers[last] + 1) ++last;
      out += (i == 0 ? "" : ",") + std::to_string(numbers[i]);
      if (last > i) out += "-" + std::to_string(numbers[last]);
      i = last + 1;
    }
  }
  return out;
}

std::string assignment_json(const std::set<TopicPartition>& assignment) {
  Bytes text;
  JsonObject out(text);
  for (const auto& [topic, numbers] : client::by_topic(assignment)) {
    std::string array = "[";
    for (int32_t number : numbers) array += (array.size() > 1 ? "," : "") + std::to_string(number);
    out.raw(topic, array + "]");
  }
  out.close();
  return text;
}

std::string member_text(const client::GroupMember& member) {
  std::string out = "client '" + member.client_id + "' on " + member.host;
  if (!member.instance_id.empty()) out += ", instance '" + member.instance_id + "'";
  return out;
}

Error has_members(const client::GroupDescription& group, const std::string& what_for) {
  constexpr size_t kNamedMax = 10;
  std::string text = "group '" + group.id + "' has members (it is " + group.state + "); stop them to " + what_for + ":";
  for (size_t i = 0; i < group.members.size() && i < kNamedMax; ++i) text += "\n  " + member_text(group.members[i]);
  if (group.members.size() > kNamedMax) {
    text += "\n  and " + std::to_string(group.members.size() - kNamedMax) + " more";
  }
  return {Errc::kConflict, std::move(text)};
}

}  // namespace leat
