#pragma once
// User code over single rows: the filter, map, flat_map and for_each functions of the C++ API.
//
// A function that throws, or says that a row is bad, loses that row to the dead letters and the job goes on. One that
// kills the process is found by the CrashGuard: at the third death at the same row the row becomes a dead letter (class
// poison) without being tried again.
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>

#include "columnar/batch.h"
#include "stream/operator.h"

namespace leat {

// One value of a row, read in place: text is good during the call. NULL: monostate.
using RowCell = std::variant<std::monostate, bool, int64_t, double, std::string_view>;

struct RowFailure {
  DeadLetterClass cause = DeadLetterClass::kCode;
  std::string reason, message;
  std::string exception;  // The type of what was thrown; empty if nothing was.
};

class RowFunction {
 public:
  enum class Kind : uint8_t {
    kKeep,    // Emits nothing, or anything at all to keep its row as it is; a row that it does not keep is filtered.
    kMake,    // Emits rows of the output schema.
    kAccept,  // Looks at the row, which goes on as it is; understands updating results.
  };
  using Emit = std::function<void(std::span<const RowCell>)>;
  virtual ~RowFunction() = default;
  virtual Kind kind() const = 0;
  // Cells in the order of the input schema. Never throws.
  virtual std::optional<RowFailure> apply(std::span<const RowCell> row, RowKind, const Emit& emit) const = 0;
};

// Schemas without DECIMAL: no cell holds one.
std::unique_ptr<Operator> make_row_function(std::shared_ptr<const RowFunction>, Schema input, Schema output);

}  // namespace leat
