#pragma once
#include <functional>

#include "broker/broker.h"
#include "protocol/error_code.h"

namespace leat::api {

struct NewTopic {
  std::string name;
  int32_t partitions = 1;
  SetValues configs;
  std::string by{};  // The client id of whoever asks for it.
};

struct Refusal {
  protocol::ErrorCode error = protocol::ErrorCode::kNone;
  std::string message;
};

// Letters, digits, '.', '_' and '-'; at most 249; not "." or "..".
bool is_topic_name(const std::string&);
// Whether the topic could be made now. kNone: yes.
Refusal check_new_topic(const Broker&, const NewTopic&);
// Makes it, durably. kTopicAlreadyExists if it was made meanwhile.
void create_topic(Broker&, const NewTopic&, std::function<void(protocol::ErrorCode)> done);

}  // namespace leat::api
