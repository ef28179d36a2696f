#pragma once
// The idea that everything durable rests on: state is a fold over a log.
//
//   decide : (state, command) -> events + reply    reads the state, changes nothing
//   apply  : (state, event)   -> state             the only code that changes state
//
// Durable<M> (fold/durable.h) makes the events durable and then hands out the reply. After a restart the same events go
// through the same apply(). A snapshot is nothing else: events that make the state from nothing.
#include <concepts>
#include <optional>
#include <vector>

#include "base/result.h"
#include "base/types.h"

namespace leat {

template <class Event, class Reply>
struct Decision {
  std::vector<Event> events;
  Reply reply;
};

// An event as the log has it: what it is about, and what is so from then on; null: it is no more.
struct FoldRecord {
  Bytes key;
  std::optional<Bytes> value;
};

template <class M>
concept StateMachine = requires(M m, const M cm, const typename M::Command& command, const typename M::Event& event,
                                WallTime now, BytesView key, std::optional<BytesView> value) {
  { cm.decide(command, now) } -> std::same_as<Decision<typename M::Event, typename M::Reply>>;
  { m.apply(event) } -> std::same_as<void>;
  { cm.snapshot() } -> std::same_as<std::vector<typename M::Event>>;
  { M::encode(event) } -> std::same_as<FoldRecord>;
  { M::decode(key, value) } -> std::same_as<Result<typename M::Event>>;  // kCorruption says what is wrong.
};

}  // namespace leat
