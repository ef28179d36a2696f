// The rows that a changelog leaves.
#include <algorithm>
#include <list>
#include <unordered_map>

#include "columnar/value.h"
#include "server/row_printer.h"

namespace leat {
namespace {

class Materialiser final : public RowPrinter {
 public:
  Materialiser(const Schema& schema, std::unique_ptr<RowPrinter> inner) : schema_(schema), inner_(std::move(inner)) {}

  Status rows(const Batch& batch) override {
    for (uint32_t row = 0; row < batch.rows; ++row) {
      Bytes encoded;
      ValueWriter writer(encoded);
      for (const ColumnPtr& column : batch.columns) writer.value(column->value(row));
      if (adds(batch.kind(row))) {
        add(std::move(encoded), batch.kind(row));
      } else {
        TRY(remove(encoded));
      }
    }
    return {};
  }

  Status end() override {
    index_.clear();
    while (!rows_.empty()) TRY(inner_->rows(take_batch()));
    return inner_->end();
  }

 private:
  using Rows = std::list<Bytes>;

  // An update takes the place of the row that it replaces, which was removed just before.
  void add(Bytes encoded, RowKind kind) {
    auto place = kind == RowKind::kUpdateAfter ? after_removed_ : rows_.end();
    auto added = rows_.insert(place, std::move(encoded));
    index_.emplace(*added, added);
    after_removed_ = rows_.end();
  }

  Status remove(const Bytes& encoded) {
    auto found = index_.find(encoded);
    if (found == index_.end()) {
      return Error{Errc::kCorruption, "the query took back a row that it had not given: please report this as a bug"};
    }
    Rows::iterator row = found->second;
    index_.erase(found);
    after_removed_ = rows_.erase(row);
    return {};
  }

  Batch take_batch() {
    Batch out;
    out.rows = static_cast<uint32_t>(std::min<size_t>(rows_.size(), kBatchRowsMax));
    std::vector<std::shared_ptr<Column>> columns;
    for (const Field& field : schema_) columns.push_back(std::make_shared<Column>(field.type, out.rows));
    for (uint32_t row = 0; row < out.rows; ++row) {
      ValueReader reader(rows_.front());
      for (auto& column : columns) column->set_value(row, reader.value(column->type().physical()));
      rows_.pop_front();
    }
    out.columns.assign(columns.begin(), columns.end());
    return out;
  }

  const Schema& schema_;
  std::unique_ptr<RowPrinter> inner_;
  Rows rows_;
  std::unordered_multimap<BytesView, Rows::iterator> index_;  // The keys are the rows' own bytes.
  Rows::iterator after_removed_ = rows_.end();
};

}  // namespace

std::unique_ptr<RowPrinter> make_materialiser(const Schema& schema, std::unique_ptr<RowPrinter> inner) {
  return std::make_unique<Materialiser>(schema, std::move(inner));
}

}  // namespace leat
