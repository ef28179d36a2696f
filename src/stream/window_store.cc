#include "stream/window_store.h"

#include <array>

namespace leat {

uint64_t WindowStore::bytes() {
  uint64_t sum = 0;
  visit([&](const TableId&, GroupTable& table) { sum += table.bytes(); });
  return sum;
}

void merge_groups(GroupTable& into, const GroupTable& from, const AggregateSet& aggregates) {
  constexpr size_t kLookahead = 64;
  std::array<std::pair<const Group*, uint64_t>, kLookahead> ahead;
  size_t waiting = 0;
  auto flush = [&] {
    for (size_t i = 0; i < waiting; ++i) {
      Group* group = into.find_or_add(ahead[i].first->key, ahead[i].second);
      aggregates.merge(group->states(), ahead[i].first->states());
      into.touch(group);
    }
    waiting = 0;
  };
  from.for_each([&](const Group& group) {
    uint64_t hash = group.key.hash();
    into.prefetch(hash);
    ahead[waiting++] = {&group, hash};
    if (waiting == kLookahead) flush();
  });
  flush();
}

}  // namespace leat
