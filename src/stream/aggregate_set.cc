#include "stream/aggregate_set.h"

namespace leat {

Result<std::unique_ptr<AggregateSet>> AggregateSet::make(const std::vector<AggregateCall>& calls, const Schema& input,
                                                         bool retracting) {
  std::vector<std::unique_ptr<Aggregate>> made;
  for (const AggregateCall& call : calls) {
    TRY_ASSIGN(auto aggregate, make_aggregate(call, input, retracting));
    made.push_back(std::move(aggregate));
  }
  return std::make_unique<AggregateSet>(std::move(made));
}

AggregateSet::AggregateSet(std::vector<std::unique_ptr<Aggregate>> aggregates) : aggregates_(std::move(aggregates)) {
  size_t bytes = 0;
  for (const auto& aggregate : aggregates_) {
    CHECK(aggregate->state_bytes() % 8 == 0);
    offsets_.push_back(bytes);
    bytes += aggregate->state_bytes();
    trivial = trivial && aggregate->trivial();
  }
  prototype.assign(bytes, '\0');
  for (size_t i = 0; i < aggregates_.size(); ++i) aggregates_[i]->init(prototype.data() + offsets_[i]);
}

void AggregateSet::destroy(char* states) const {
  for (size_t i = 0; i < aggregates_.size(); ++i) aggregates_[i]->destroy(states + offsets_[i]);
}

void AggregateSet::add(std::span<char* const> states, const Batch& batch, Selection rows) const {
  for (size_t i = 0; i < aggregates_.size(); ++i) aggregates_[i]->add(states, offsets_[i], batch, rows);
}

void AggregateSet::retract(std::span<char* const> states, const Batch& batch, Selection rows) const {
  for (size_t i = 0; i < aggregates_.size(); ++i) aggregates_[i]->retract(states, offsets_[i], batch, rows);
}

void AggregateSet::merge(char* into, const char* from) const {
  for (size_t i = 0; i < aggregates_.size(); ++i) aggregates_[i]->merge(into + offsets_[i], from + offsets_[i]);
}

void AggregateSet::results(const char* states, std::span<const std::shared_ptr<Column>> out, uint32_t row) const {
  for (size_t i = 0; i < aggregates_.size(); ++i) aggregates_[i]->result(states + offsets_[i], *out[i], row);
}

void AggregateSet::encode(const char* states, Bytes& out) const {
  for (size_t i = 0; i < aggregates_.size(); ++i) aggregates_[i]->encode(states + offsets_[i], out);
}

void AggregateSet::decode(char* states, BytesView& in) const {
  if (!trivial) destroy(states);
  init(states);
  for (size_t i = 0; i < aggregates_.size(); ++i) aggregates_[i]->decode(states + offsets_[i], in);
}

uint64_t AggregateSet::heap_bytes(const char* states) const {
  uint64_t bytes = 0;
  for (size_t i = 0; i < aggregates_.size(); ++i) bytes += aggregates_[i]->heap_bytes(states + offsets_[i]);
  return bytes;
}

}  // namespace leat
