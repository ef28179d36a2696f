#pragma once
// Aggregate functions as folds over fixed-size state, so that a table of a million groups is one flat array.
//
// A state is `state_bytes()` bytes inside the group's row. Trivial ones (counts, sums) live there entirely; the others
// (strings, sets, lists) keep a pointer to an object of their own, freed by destroy().
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "base/result.h"
#include "columnar/expr.h"

namespace leat {

// One call in a SELECT. `args` index the aggregate operator's input columns.
struct AggregateCall {
  std::string function;        // Upper case: COUNT, SUM, …
  std::vector<uint32_t> args;  // Empty: COUNT(*).
  int32_t filter = -1;         // BOOLEAN input column of FILTER (WHERE …); -1: none.
  bool distinct = false;
  std::vector<Value> parameters;  // Constant further arguments (LISTAGG's separator).
  DataType type;                  // Of the result, from aggregate_type().
};

// The result type, as Flink has it; errors as make_call()'s.
Result<DataType> aggregate_type(const std::string& function, const std::vector<DataType>& args);
std::vector<std::string> aggregate_names();

class Aggregate {
 public:
  virtual ~Aggregate() = default;
  virtual size_t state_bytes() const = 0;        // A multiple of 8; states are 8-byte aligned.
  virtual void init(char* state) const = 0;      // The same bytes every time: a group table copies them.
  virtual bool trivial() const { return true; }  // destroy() has nothing to do.
  virtual void destroy(char* state) const { (void)state; }
  // Folds row `rows[i]` of the columns into states[i] (+ offset). FILTER is applied here.
  virtual void add(std::span<char* const> states, size_t offset, const Batch&, Selection rows) const = 0;
  // The inverse, for -U and -D rows.
  virtual void retract(std::span<char* const> states, size_t offset, const Batch&, Selection rows) const = 0;
  // into += from, for windows made of slices and sessions that merge.
  virtual void merge(char* into, const char* from) const = 0;
  virtual void result(const char* state, Column& out, uint32_t row) const = 0;
  virtual void encode(const char* state, Bytes& out) const = 0;  // Appends.
  virtual void decode(char* state, BytesView& in) const = 0;     // Into an initialised state; takes its part.
  virtual uint64_t heap_bytes(const char* state) const {
    (void)state;
    return 0;
  }
};

// `retracting`: the input has -U and -D rows, so MIN, MAX and their kin must keep every value.
Result<std::unique_ptr<Aggregate>> make_aggregate(const AggregateCall&, const Schema& input, bool retracting);

}  // namespace leat
