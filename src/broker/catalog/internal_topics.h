#pragma once
#include <string>

namespace leat {

// Topics that are the broker's own. Clients look for the two in which Kafka keeps groups and transactions; here they
// are made when Kafka would make them, and stay empty: what would be in them is in the broker's log (docs/kafka.md).
inline constexpr const char* kOffsetsTopic = "__consumer_offsets";
inline constexpr const char* kTransactionsTopic = "__transaction_state";

// Whether clients may not write to it.
bool is_internal_topic(const std::string& name);

}  // namespace leat
