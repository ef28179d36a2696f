#include "stream/operators.h"

namespace leat {
namespace {

// The runner has lowered the rows' watermarks to the minimum over the inputs already.
class Union final : public Operator {
 public:
  explicit Union(int inputs) : inputs_(inputs) {}

  Status process(int input, const Batch& batch, Output& out) override {
    CHECK(input >= 0 && input < inputs_);
    context().account.passed += batch.rows;
    return out.emit(batch);
  }

 private:
  int inputs_;
};

}  // namespace

OperatorPtr make_union(int inputs) {
  return std::make_unique<Union>(inputs);
}

}  // namespace leat
