// print: each change on a line, as Flink's print connector writes it: "+I[1, a]". At once, not at a checkpoint: it is
// for looking, and after a crash it may say things twice.
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "columnar/function.h"
#include "connect/simple_sinks.h"
#include "format/options.h"

namespace leat {
namespace {

// A signal that asks the job to stop may come while a slow reader lets us wait: what is begun is written all the same.
Status write_all(int file, BytesView text) {
  while (!text.empty()) {
    ssize_t written = ::write(file, text.data(), text.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return Error{Errc::kIo, std::string("print: writing the output: ") + std::strerror(errno)};
    text.remove_prefix(static_cast<size_t>(written));
  }
  return {};
}

class PrintSink final : public Sink {
 public:
  PrintSink(std::string identifier, bool to_stderr, const EvalSettings& settings)
      : identifier_(std::move(identifier)), file_(to_stderr ? STDERR_FILENO : STDOUT_FILENO), settings_(settings) {}

  Status open(SinkContext) override { return {}; }
  bool accepts_updates() const override { return true; }

  Status write(const Batch& batch) override {
    static constexpr const char* kKinds[] = {"+I[", "-U[", "+U[", "-D["};
    Bytes text;
    for (uint32_t row = 0; row < batch.rows; ++row) {
      if (!identifier_.empty()) text += identifier_ + "> ";
      text += kKinds[static_cast<size_t>(batch.kind(row))];
      for (size_t i = 0; i < batch.columns.size(); ++i) {
        const Column& column = *batch.columns[i];
        if (i > 0) text += ", ";
        text += column.valid(row) ? value_to_text(column.value(row), column.type(), settings_) : "NULL";
      }
      text += "]\n";
    }
    return write_all(file_, text);
  }
  Status prepare(CheckpointId) override { return {}; }
  Status commit(CheckpointId) override { return {}; }
  Status recover(CheckpointId) override { return {}; }

 private:
  std::string identifier_;
  int file_;
  const EvalSettings& settings_;
};

class BlackholeSink final : public Sink {
 public:
  Status open(SinkContext) override { return {}; }
  bool accepts_updates() const override { return true; }
  Status write(const Batch&) override { return {}; }
  Status prepare(CheckpointId) override { return {}; }
  Status commit(CheckpointId) override { return {}; }
  Status recover(CheckpointId) override { return {}; }
};

}  // namespace

Result<std::unique_ptr<Sink>> make_print_sink(const TableOptions& table, const EvalSettings& settings) {
  OptionReader reader(table.options, "");
  TRY_ASSIGN(bool to_stderr, reader.flag("standard-error", false));
  return std::unique_ptr<Sink>(std::make_unique<PrintSink>(reader.text("print-identifier", ""), to_stderr, settings));
}

Result<std::unique_ptr<Sink>> make_blackhole_sink(const TableOptions&) {
  return std::unique_ptr<Sink>(std::make_unique<BlackholeSink>());
}

}  // namespace leat
