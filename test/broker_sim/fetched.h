#pragma once
// What a client makes of a response to Fetch.
#include "protocol/all.h"
#include "test/broker_sim/history.h"

namespace leat::sim {

protocol::FetchRequest fetch_request(int32_t partition, int64_t from, bool committed);

// Adds the records at or behind `position`, without those of aborted transactions if `committed`, and moves it.
void take_fetched(const protocol::FetchResponse::Response::Partition&, bool committed, int64_t& position,
                  std::vector<Seen>& seen);

}  // namespace leat::sim
