#include "broker/group/consumer_group_draft.h"

namespace leat {

const ConsumerGroupHead& ConsumerGroupDraft::head() const {
  static const ConsumerGroupHead kNew;
  return head_ ? *head_ : before_ != nullptr ? before_->head : kNew;
}

ConsumerGroupHead& ConsumerGroupDraft::edit_head() {
  if (!head_) head_ = head();
  return *head_;
}

const ConsumerMember* ConsumerGroupDraft::member(const std::string& id) const {
  auto changed = changed_.find(id);
  if (changed != changed_.end()) return changed->second ? &*changed->second : nullptr;
  if (before_ == nullptr) return nullptr;
  auto found = before_->members.find(id);
  return found == before_->members.end() ? nullptr : &found->second;
}

const ConsumerMember* ConsumerGroupDraft::static_member(const std::string& instance_id) const {
  const ConsumerMember* out = nullptr;
  for_each([&](const ConsumerMember& each) {
    if (each.instance_id == instance_id) out = &each;
  });
  return out;
}

ConsumerMember& ConsumerGroupDraft::edit(const std::string& id) {
  const ConsumerMember* known = member(id);
  auto& changed = changed_[id];
  if (!changed) {
    changed = known != nullptr ? *known : ConsumerMember{};
    changed->id = id;
  }
  return *changed;
}

void ConsumerGroupDraft::for_each(const std::function<void(const ConsumerMember&)>& visit) const {
  static const std::map<std::string, ConsumerMember> kNone;
  const auto& before = before_ != nullptr ? before_->members : kNone;
  auto old = before.begin();
  for (const auto& [id, member] : changed_) {
    for (; old != before.end() && old->first < id; ++old) visit(old->second);
    if (old != before.end() && old->first == id) ++old;
    if (member) visit(*member);
  }
  for (; old != before.end(); ++old) visit(old->second);
}

size_t ConsumerGroupDraft::size() const {
  size_t out = 0;
  for_each([&out](const ConsumerMember&) { ++out; });
  return out;
}

std::string ConsumerGroupDraft::state_name() const {
  bool empty = true, reconciled = true;
  for_each([&](const ConsumerMember& each) {
    empty = false;
    reconciled &= each.state == MemberState::kStable && each.epoch == head().assignment_epoch;
  });
  if (empty) return "Empty";
  if (head().epoch > head().assignment_epoch) return "Assigning";
  return reconciled ? "Stable" : "Reconciling";
}

std::vector<BrokerEvent> ConsumerGroupDraft::events() const {
  std::vector<BrokerEvent> out;
  if (head_ && (before_ == nullptr || *head_ != before_->head)) {
    out.emplace_back(broker_event::ConsumerGroupSaved{id_, *head_});
  }
  for (const auto& [id, member] : changed_) {
    auto known =
        before_ != nullptr ? before_->members.find(id) : std::map<std::string, ConsumerMember>::const_iterator();
    bool was = before_ != nullptr && known != before_->members.end();
    if (!member && was) out.emplace_back(broker_event::ConsumerMemberGone{id_, id});
    if (member && (!was || known->second != *member)) {
      out.emplace_back(broker_event::ConsumerMemberSaved{id_, *member});
    }
  }
  return out;
}

}  // namespace leat
