#include "broker/fetch/fetch_sessions.h"

#include <limits>

namespace leat {
namespace {

constexpr int64_t kSafeNs = 120LL * 1'000'000'000;  // As Kafka's MIN_INCREMENTAL_FETCH_SESSION_EVICTION_MS.

}  // namespace

std::shared_ptr<FetchSessions::Entry> FetchSessions::find(int32_t id) {
  auto found = entries_.find(id);
  return found == entries_.end() ? nullptr : found->second;
}

bool FetchSessions::make_room(size_t size, Instant now) {
  if (entries_.size() < sessions_max_) return true;
  const Entry* idlest = nullptr;
  const Entry* smallest = nullptr;
  for (const auto& [id, entry] : entries_) {
    if (idlest == nullptr || entry->used < idlest->used) idlest = entry.get();
    bool old = now.value - entry->made.value > kSafeNs;
    if (old && (smallest == nullptr || entry->session.size() < smallest->session.size())) smallest = entry.get();
  }
  if (idlest != nullptr && now.value - idlest->used.value > kSafeNs) {
    remove(idlest->id);
  } else if (smallest != nullptr && smallest->session.size() < size) {
    remove(smallest->id);
  }
  return entries_.size() < sessions_max_;
}

std::shared_ptr<FetchSessions::Entry> FetchSessions::add(FetchSession session, Instant now) {
  if (!make_room(session.size(), now)) return nullptr;
  int32_t id = 0;
  while (id <= 0 || entries_.contains(id)) id = static_cast<int32_t>(random_() & 0x7fffffff);
  auto entry = std::make_shared<Entry>(Entry{id, 1, now, now, std::move(session)});
  entries_[id] = entry;
  return entry;
}

void FetchSessions::touch(Entry& entry, Instant now) {
  entry.used = now;
  entry.epoch = entry.epoch == std::numeric_limits<int32_t>::max() ? 1 : entry.epoch + 1;
}

}  // namespace leat
