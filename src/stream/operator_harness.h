#pragma once
// For tests: runs one operator over batches as a runner would, with checkpoints and restores in between, and keeps what
// comes out as text.
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "columnar/function.h"
#include "stream/operators.h"

namespace leat::testing {

class KeptLetters final : public DeadLetterSink {
 public:
  void add(DeadLetter letter) override { letters.push_back(std::move(letter)); }
  std::vector<DeadLetter> letters;
};

// The log of a job's state: every record in the order in which it was written.
class KeptLog final : public StateWriter {
 public:
  bool full() const override { return full_now; }
  void put(BytesView key, BytesView value) override { records.push_back({Bytes(key), Bytes(value)}); }
  void erase(BytesView key) override { records.push_back({Bytes(key), std::nullopt}); }

  bool full_now = false;
  std::vector<std::pair<Bytes, std::optional<Bytes>>> records;
};

inline const char* kind_text(RowKind kind) {
  switch (kind) {
    case RowKind::kInsert:
      return "+I";
    case RowKind::kUpdateBefore:
      return "-U";
    case RowKind::kUpdateAfter:
      return "+U";
    case RowKind::kDelete:
      return "-D";
  }
  return "?";
}

class TextOutput final : public Output {
 public:
  explicit TextOutput(const EvalSettings& settings) : settings_(settings) {}

  Status emit(Batch batch) override {
    CHECK(batch.rows <= kBatchRowsMax);
    for (uint32_t row = 0; row < batch.rows; ++row) {
      std::string line = batch.kinds.empty() ? "" : std::string(kind_text(batch.kinds[row])) + " ";
      for (size_t c = 0; c < batch.columns.size(); ++c) {
        const Column& column = *batch.columns[c];
        CHECK(column.size() == batch.rows);
        line += (c == 0 ? "" : "|") +
                (column.valid(row) ? value_to_text(column.value(row), column.type(), settings_) : "NULL");
      }
      rows.push_back(line);
      if (!batch.watermarks.empty()) {
        CHECK(watermarks.empty() || batch.watermarks[row] >= watermarks.back());
        watermarks.push_back(batch.watermarks[row]);
      }
    }
    return {};
  }

  std::vector<std::string> rows;
  std::vector<int64_t> watermarks;

 private:
  const EvalSettings& settings_;
};

class Harness {
 public:
  explicit Harness(std::function<OperatorPtr()> make) : make_(std::move(make)) { start(); }

  void process(const Batch& batch, int input = 0) {
    account.rows_in += batch.rows;
    Status status = op_->process(input, batch, out);
    CHECK(status);
  }
  void watermark(int64_t ms) {
    Status status = op_->on_watermark(EventTime{ms}, out);
    CHECK(status);
  }
  void end() {
    watermark(kMaxEventTime.value);
    Status status = op_->on_end(out);
    CHECK(status);
  }
  void checkpoint(bool full = false) {
    log.full_now = full;
    Status status = op_->checkpoint(log);
    CHECK(status);
  }
  // The process dies and a new one restores. Only right after a checkpoint: what came since is lost.
  void restart() {
    start();
    for (const auto& [key, value] : log.records) {
      Status status = op_->restore(key, value ? std::optional<BytesView>(*value) : std::nullopt);
      CHECK(status);
    }
  }
  Operator& op() { return *op_; }

  EvalSettings settings;
  KeptLetters letters;
  KeptLog log;
  Account account;
  TextOutput out{settings};

 private:
  void start() {
    op_ = make_();
    context_ = std::make_unique<OperatorContext>(OperatorContext{"op", settings, letters, nullptr, account});
    Status status = op_->open(*context_);
    CHECK(status);
  }

  std::function<OperatorPtr()> make_;
  std::unique_ptr<OperatorContext> context_;
  OperatorPtr op_;
};

inline ColumnPtr column_of(const DataType& type, const std::vector<Value>& values) {
  auto column = std::make_shared<Column>(type, static_cast<uint32_t>(values.size()));
  for (uint32_t i = 0; i < values.size(); ++i) column->set_value(i, values[i]);
  return column;
}

}  // namespace leat::testing
