#pragma once
// Journal: the log of what a home of topics has decided. docs/formats/transactions.md.
//
// An entry is durable before its effects are visible, and a partition's records are durable before the entry that
// speaks of them.
#include "broker/home_state.h"
#include "fold/durable.h"

namespace leat {

using Journal = Durable<HomeState>;

// Decides, durably. An error is HomeState's or the disk's.
inline Status decide(Journal& journal, const HomeState::Command& command) {
  TRY_ASSIGN(Status reply, journal.run(command));
  return reply;
}

}  // namespace leat
