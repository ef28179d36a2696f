#include "api/rows_source.h"

#include <algorithm>
#include <optional>

namespace leat::detail {
namespace {

class RowsSource final : public Source {
 public:
  RowsSource(std::shared_ptr<const StoredRows> stored, const Schema& columns, uint32_t batch_rows)
      : stored_(std::move(stored)), batch_rows_(batch_rows) {
    for (const Field& column : columns) {
      auto at = std::find_if(stored_->schema.begin(), stored_->schema.end(),
                             [&column](const Field& field) { return field.name == column.name; });
      CHECK(at != stored_->schema.end());
      fields_.push_back(static_cast<size_t>(at - stored_->schema.begin()));
    }
  }

  Status open(SourceContext context) override {
    stage_ = std::move(context.stage);
    return {};
  }
  int32_t partitions() const override { return 1; }
  bool bounded() const override { return true; }

  Result<Poll> poll() override {
    Poll out;
    if (next_ == stored_->rows.size()) {
      out.kind = Poll::Kind::kEnd;
      return out;
    }
    out.kind = Poll::Kind::kBatch;
    auto rows = static_cast<uint32_t>(std::min<size_t>(batch_rows_, stored_->rows.size() - next_));
    out.batch.batch = read(rows);
    next_ += rows;
    if (stage_) stage_(out.batch);
    return out;
  }

  Bytes position() const override {
    Bytes out;
    ValueWriter(out).int64(static_cast<int64_t>(next_));
    return out;
  }
  // A shorter vector than the one that the position is of has nothing more.
  Status seek(BytesView position) override {
    ValueReader reader(position);
    int64_t next = reader.present() ? reader.int64() : 0;
    next_ = std::min(static_cast<size_t>(next), stored_->rows.size());
    return {};
  }

 private:
  Batch read(uint32_t rows) const {
    Batch out;
    out.rows = rows;
    for (size_t field : fields_) {
      auto column = std::make_shared<Column>(stored_->schema[field].type, rows);
      for (uint32_t row = 0; row < rows; ++row) column->set_value(row, stored_->rows[next_ + row][field]);
      out.columns.push_back(std::move(column));
    }
    auto provenance = std::make_shared<Provenance>();
    provenance->table = stored_->table;
    for (uint32_t row = 0; row < rows; ++row) provenance->rows.push_back({{}, next_ + row, 0});
    out.provenance = std::move(provenance);
    return out;
  }

  std::shared_ptr<const StoredRows> stored_;
  uint32_t batch_rows_;
  std::vector<size_t> fields_;
  SourceStage stage_;
  size_t next_ = 0;
};

}  // namespace

std::unique_ptr<Source> make_rows_source(std::shared_ptr<const StoredRows> stored, const Schema& columns,
                                         uint32_t batch_rows) {
  return std::make_unique<RowsSource>(std::move(stored), columns, batch_rows);
}

}  // namespace leat::detail
