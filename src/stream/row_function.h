#pragma once
// User code over single rows: the filter, map and flat_map functions of the C++ API.
//
// A function that throws, or says that a row is bad, loses that row to the dead letters (class code) and the job goes
// on. One that kills the process is found by the CrashGuard: at the third death at the same row the row becomes a dead
// letter (class poison) without being tried again.
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "columnar/value.h"
#include "stream/operator.h"

namespace leat {

struct RowFailure {
  std::string reason, message;
  std::string exception;  // The type of what was thrown; empty if nothing was.
  std::string stack;
};

class RowFunction {
 public:
  using Emit = std::function<void(std::vector<Value>)>;
  virtual ~RowFunction() = default;
  // A filter emits its row or not, and what it does not emit counts as filtered.
  virtual bool is_filter() const = 0;
  // Values in the order of the input schema; emits values in the order of the output schema. Never throws.
  virtual std::optional<RowFailure> apply(const std::vector<Value>& row, const Emit& emit) const = 0;
};

std::unique_ptr<Operator> make_row_function(std::shared_ptr<const RowFunction>, Schema input, Schema output);

}  // namespace leat
