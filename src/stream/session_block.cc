#include "stream/session_block.h"

namespace leat {

SessionPool::~SessionPool() {
  if (aggregates_.trivial) return;
  for_each([this](Session& session) { aggregates_.destroy(session.states()); });
}

Session* SessionPool::make(Group* group, int64_t start_ms, int64_t end_ms, uint64_t number) {
  CHECK(number != 0);
  auto* session = reinterpret_cast<Session*>(blocks_.allocate());
  *session = {start_ms, end_ms, number, group};
  aggregates_.init(session->states());
  return session;
}

void SessionPool::release(Session* session) {
  if (!aggregates_.trivial) aggregates_.destroy(session->states());
  session->number = 0;
  session->dirty = false;
  blocks_.release(reinterpret_cast<char*>(session));
}

}  // namespace leat
