#include "connect/datagen.h"

#include <algorithm>
#include <map>
#include <optional>

#include "connect/datagen_field.h"

namespace leat {
namespace {

constexpr int64_t kNanosPerSecond = 1'000'000'000;
constexpr int64_t kPaceNanos = 1'000'000;  // Rows come at least a thousand times a second, if there are that many.

struct DatagenOptions {
  int64_t rows_per_second = 10000;
  int64_t rows_max = -1;  // -1: without end.
  int64_t start_ms = -1;  // Event time of row 0; -1: when the job first began.
  uint64_t seed = 1;
  uint32_t batch_rows = kBatchRowsMax;
};

class DatagenSource final : public Source {
 public:
  // A field's place in the table makes its values, so they do not depend on which columns a query reads.
  struct PlacedField {
    std::unique_ptr<DatagenField> field;
    size_t place;
  };
  DatagenSource(DatagenOptions options, std::string table, Schema schema, std::vector<PlacedField> fields)
      : options_(options), table_(std::move(table)), schema_(std::move(schema)), fields_(std::move(fields)) {}

  Status open(SourceContext context) override {
    context_.emplace(std::move(context));
    start_micros_ = (options_.start_ms >= 0 ? options_.start_ms : context_->env.clock.wall().value) * 1000;
    began_ = context_->env.clock.monotonic().value;
    return {};
  }
  int32_t partitions() const override { return 1; }
  bool bounded() const override { return options_.rows_max >= 0; }

  Result<Poll> poll() override {
    if (options_.rows_max >= 0 && static_cast<int64_t>(next_) >= options_.rows_max)
      return Poll{Poll::Kind::kEnd, {}, {}};
    uint64_t due = rows_due();
    if (due <= next_) return Poll{Poll::Kind::kNothing, {}, Instant{due_at(next_)}};
    uint64_t count = std::min<uint64_t>(due - next_, options_.batch_rows);
    if (options_.rows_max >= 0) count = std::min<uint64_t>(count, static_cast<uint64_t>(options_.rows_max) - next_);
    Poll out{Poll::Kind::kBatch, {}, {}};
    fill(out.batch, static_cast<uint32_t>(count));
    next_ += count;
    if (context_->stage) context_->stage(out.batch);
    return out;
  }

  Bytes position() const override {
    Bytes out;
    ValueWriter writer(out);
    writer.int64(static_cast<int64_t>(next_));
    writer.int64(start_micros_);
    return out;
  }
  Status seek(BytesView position) override {
    ValueReader reader(position);
    next_ = reader.present() ? static_cast<uint64_t>(reader.int64()) : 0;
    start_micros_ = reader.present() ? reader.int64() : start_micros_;
    first_ = next_;
    return {};
  }

 private:
  // Paced by the clock from this process's start; 0 rows a second: as fast as they are taken.
  uint64_t rows_due() const {
    if (options_.rows_per_second == 0) return next_ + options_.batch_rows;
    int64_t elapsed = context_->env.clock.monotonic().value - began_;
    auto rows = static_cast<Int128>(elapsed) * options_.rows_per_second / kNanosPerSecond;
    return first_ + static_cast<uint64_t>(rows);
  }
  int64_t due_at(uint64_t row) const {
    auto after = static_cast<Int128>(row + 1 - first_) * kNanosPerSecond / options_.rows_per_second;
    return std::max(began_ + static_cast<int64_t>(after), context_->env.clock.monotonic().value + kPaceNanos);
  }

  DatagenField::RowTime time_of(uint64_t row) const {
    int64_t rate = options_.rows_per_second == 0 ? 1'000'000 : options_.rows_per_second;
    auto micros = static_cast<Int128>(row) * 1'000'000 / rate;
    return {start_micros_ + static_cast<int64_t>(micros)};
  }

  void fill(SourceBatch& out, uint32_t rows) {
    auto provenance = std::make_shared<Provenance>();
    provenance->table = table_;
    provenance->rows.reserve(rows);
    for (uint32_t row = 0; row < rows; ++row) provenance->rows.push_back({{}, next_ + row, 0});
    for (size_t i = 0; i < fields_.size(); ++i) {
      auto column = std::make_shared<Column>(schema_[i].type, rows);
      for (uint32_t row = 0; row < rows; ++row) {
        uint64_t number = next_ + row;
        uint64_t bits = datagen_bits(options_.seed, number, fields_[i].place);
        fields_[i].field->fill(*column, row, bits, number, time_of(number));
      }
      out.batch.columns.push_back(std::move(column));
    }
    out.batch.rows = rows;
    out.batch.provenance = std::move(provenance);
  }

  DatagenOptions options_;
  std::string table_;
  Schema schema_;
  std::vector<PlacedField> fields_;
  std::optional<SourceContext> context_;
  uint64_t next_ = 0, first_ = 0;  // The next row; the first of this process.
  int64_t start_micros_ = 0, began_ = 0;
};

}  // namespace

Result<std::unique_ptr<Source>> make_datagen_source(const TableOptions& table, const EvalSettings&) {
  OptionReader reader(table.options, "");
  DatagenOptions options;
  TRY_ASSIGN(auto rate, reader.integer("rows-per-second"));
  TRY_ASSIGN(auto rows, reader.integer("number-of-rows"));
  TRY_ASSIGN(auto seed, reader.integer("seed"));
  TRY_ASSIGN(auto start, reader.integer("start-ms"));
  TRY_ASSIGN(auto batch_rows, reader.integer("leat.batch-rows"));
  options.rows_per_second = rate.value_or(options.rows_per_second);
  options.rows_max = rows.value_or(-1);
  options.seed = static_cast<uint64_t>(seed.value_or(1));
  options.start_ms = start.value_or(-1);
  if (batch_rows) options.batch_rows = static_cast<uint32_t>(std::clamp<int64_t>(*batch_rows, 1, kBatchRowsMax));
  if (options.rows_per_second < 0) return Error{Errc::kInvalidArgument, "'rows-per-second': expected 0 or more"};
  if (options.rows_max < 0 && rows) return Error{Errc::kInvalidArgument, "'number-of-rows': expected 0 or more"};
  // Every column's options are read, and a sequence that ends ends the table, whether a query reads the column or not.
  std::map<std::string, DatagenSource::PlacedField> all;
  for (size_t i = 0; i < table.physical.size(); ++i) {
    TRY_ASSIGN(auto made, make_datagen_field(table.physical[i], reader));
    int64_t limit = made->rows_max();
    if (limit >= 0) options.rows_max = options.rows_max < 0 ? limit : std::min(options.rows_max, limit);
    all[table.physical[i].name] = {std::move(made), i};
  }
  std::vector<DatagenSource::PlacedField> fields;
  for (const Field& field : table.fields) fields.push_back(std::move(all.at(field.name)));
  return std::unique_ptr<Source>(
      std::make_unique<DatagenSource>(options, table.table, table.fields, std::move(fields)));
}

}  // namespace leat
