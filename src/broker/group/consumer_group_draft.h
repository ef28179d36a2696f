#pragma once
// ConsumerGroupDraft: a group as it will be, while a decision is made. Only what is touched is copied; events() says
// what became different.
#include <functional>

#include "broker/state/broker_event.h"

namespace leat {

class ConsumerGroupDraft {
 public:
  // `before`: null if there is no group yet; else it outlives the draft.
  ConsumerGroupDraft(std::string id, const ConsumerGroupState* before) : id_(std::move(id)), before_(before) {}

  const ConsumerGroupHead& head() const;
  ConsumerGroupHead& edit_head();
  const ConsumerMember* member(const std::string& id) const;  // Null: there is none. Valid until it is edited.
  const ConsumerMember* static_member(const std::string& instance_id) const;
  ConsumerMember& edit(const std::string& id);  // Makes it if there is none.
  void remove(const std::string& id) { changed_[id] = std::nullopt; }
  void for_each(const std::function<void(const ConsumerMember&)>&) const;  // By ascending id.
  size_t size() const;

  // Empty, Assigning, Reconciling or Stable.
  std::string state_name() const;
  std::vector<BrokerEvent> events() const;

 private:
  std::string id_;
  const ConsumerGroupState* before_;
  std::optional<ConsumerGroupHead> head_;
  std::map<std::string, std::optional<ConsumerMember>> changed_;  // None: it is gone.
};

}  // namespace leat
