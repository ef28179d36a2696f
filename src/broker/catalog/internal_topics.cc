#include "broker/catalog/internal_topics.h"

#include "explain/history.h"

namespace leat {

bool is_internal_topic(const std::string& name) {
  return name == kOffsetsTopic || name == kTransactionsTopic || name == kHistoryTopic;
}

}  // namespace leat
