#include "job/values_source.h"

#include <algorithm>

namespace leat {
namespace {

class ValuesSource final : public Source {
 public:
  ValuesSource(const ValuesRel& values, const Schema& schema, const EvalSettings& eval)
      : values_(values), schema_(schema), eval_(eval) {}

  Status open(SourceContext) override { return {}; }
  int32_t partitions() const override { return 1; }
  bool bounded() const override { return true; }

  Result<Poll> poll() override {
    Poll out;
    if (next_ == values_.rows.size()) {
      out.kind = Poll::Kind::kEnd;
      return out;
    }
    out.kind = Poll::Kind::kBatch;
    size_t rows = std::min<size_t>(kBatchRowsMax, values_.rows.size() - next_);
    for (size_t field = 0; field < schema_.size(); ++field) {
      TRY_ASSIGN(ColumnPtr column, evaluate_field(field, static_cast<uint32_t>(rows)));
      out.batch.batch.columns.push_back(std::move(column));
    }
    out.batch.batch.rows = static_cast<uint32_t>(rows);
    next_ += rows;
    return out;
  }

  Bytes position() const override {
    Bytes out;
    ValueWriter(out).int64(static_cast<int64_t>(next_));
    return out;
  }
  Status seek(BytesView position) override {
    ValueReader reader(position);
    next_ = reader.present() ? static_cast<size_t>(reader.int64()) : 0;
    return {};
  }

 private:
  Result<ColumnPtr> evaluate_field(size_t field, uint32_t rows) {
    Batch one;
    one.rows = 1;
    static constexpr uint32_t kFirst[] = {0};
    auto column = std::make_shared<Column>(schema_[field].type, rows);
    for (uint32_t row = 0; row < rows; ++row) {
      RowErrors errors;
      EvalContext context{eval_, errors};
      ColumnPtr value = evaluate(*values_.rows[next_ + row][field], one, kFirst, context);
      if (!errors.empty()) {
        return Error{Errc::kInvalidArgument, "VALUES, row " + std::to_string(next_ + row + 1) + ", column '" +
                                                 schema_[field].name + "': " + errors.take_sorted()[0].message};
      }
      column->set_value(row, value->value(0));
    }
    return ColumnPtr(std::move(column));
  }

  ValuesRel values_;
  Schema schema_;
  const EvalSettings& eval_;
  size_t next_ = 0;
};

}  // namespace

std::unique_ptr<Source> make_values_source(const ValuesRel& values, const Schema& schema, const EvalSettings& eval) {
  return std::make_unique<ValuesSource>(values, schema, eval);
}

}  // namespace leat
