#pragma once
// AggregateSet: the aggregates of one operator, laid out one after the other in the states of a group.
#include "stream/aggregate.h"
#include "stream/group_table.h"

namespace leat {

class AggregateSet final : public GroupLayout {
 public:
  // The errors of make_aggregate().
  static Result<std::unique_ptr<AggregateSet>> make(const std::vector<AggregateCall>&, const Schema& input,
                                                    bool retracting);
  explicit AggregateSet(std::vector<std::unique_ptr<Aggregate>>);

  size_t size() const { return aggregates_.size(); }
  void init(char* states) const { std::memcpy(states, prototype.data(), prototype.size()); }
  void destroy(char* states) const override;
  void add(std::span<char* const> states, const Batch&, Selection rows) const;
  void retract(std::span<char* const> states, const Batch&, Selection rows) const;
  void merge(char* into, const char* from) const;
  // Writes the results into row `row` of out[0..size()).
  void results(const char* states, std::span<const std::shared_ptr<Column>> out, uint32_t row) const;
  void encode(const char* states, Bytes& out) const;  // Appends.
  void decode(char* states, BytesView& in) const;     // Over whatever initialised states are there.
  uint64_t heap_bytes(const char* states) const;

 private:
  std::vector<std::unique_ptr<Aggregate>> aggregates_;
  std::vector<size_t> offsets_;
};

}  // namespace leat
