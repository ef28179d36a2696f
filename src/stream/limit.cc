#include <algorithm>

#include "columnar/value.h"
#include "stream/operators.h"

namespace leat {
namespace {

class Limit final : public Operator {
 public:
  Limit(int64_t offset, int64_t limit) : offset_(offset), limit_(limit) {}

  Status process(int, const Batch& batch, Output& out) override {
    std::vector<uint32_t> chosen;
    for (uint32_t row = 0; row < batch.rows && wants_more(); ++row) {
      CHECK(batch.kind(row) == RowKind::kInsert);
      if (seen_++ >= offset_) chosen.push_back(row);
    }
    changed_ = true;
    context().account.passed += static_cast<int64_t>(chosen.size());
    context().account.filtered += batch.rows - static_cast<int64_t>(chosen.size());
    return out.emit(chosen.size() == batch.rows ? batch : batch.gather(chosen));
  }

  bool wants_more() const override { return limit_ < 0 || seen_ - offset_ < limit_; }

  Status checkpoint(StateWriter& writer) override {
    if (!changed_ && !writer.full()) return {};
    Bytes value;
    ValueWriter(value).int64(seen_);
    writer.put({}, value);
    changed_ = false;
    return {};
  }

  Status restore(BytesView, std::optional<BytesView> value) override {
    CHECK(value);
    ValueReader reader(*value);
    CHECK(reader.present());
    seen_ = reader.int64();
    return {};
  }

 private:
  int64_t offset_, limit_;
  int64_t seen_ = 0;
  bool changed_ = false;
};

}  // namespace

OperatorPtr make_limit(int64_t offset, int64_t limit) {
  return std::make_unique<Limit>(offset, limit);
}

}  // namespace leat
