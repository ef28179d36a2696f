// The file sink: parts that are hidden until the checkpoint that contains them has committed.
#include "connect/filesystem_sink.h"

#include <map>
#include <optional>

#include "columnar/function.h"
#include "connect/file_facts.h"
#include "connect/path_list.h"
#include "format/options.h"

namespace leat {
namespace {

constexpr size_t kBufferBytes = 64 * 1024;
constexpr size_t kBufferedBytesMax = 32u << 20;  // Over all parts.

// ".part-<run>-<sink>-<checkpoint>-<n>" while staged; without the dot once shown.
std::string part_prefix(const std::string& run, const std::string& sink) {
  return "part-" + run + "-" + sink + "-";
}

// The checkpoint in a part's name behind the prefix; -1 if there is none.
int64_t checkpoint_of(std::string_view rest) {
  int64_t number = 0;
  size_t digits = 0;
  while (digits < rest.size() && rest[digits] >= '0' && rest[digits] <= '9' && digits < 18) {
    number = number * 10 + (rest[digits++] - '0');
  }
  return digits > 0 && digits < rest.size() && rest[digits] == '-' ? number : -1;
}

// One growing part of one directory. No file stays open: there may be more parts than a process may have open files.
struct OpenPart {
  std::string name;  // While it grows.
  Bytes buffer;
  bool created = false;
};

struct Staged {
  std::string directory, name;  // Without the dot.
};

class FilesystemSink final : public Sink {
 public:
  FilesystemSink(FileSinkOptions options, std::unique_ptr<RowEncoder> encoder, const EvalSettings& settings)
      : options_(std::move(options)), encoder_(std::move(encoder)), settings_(settings) {}

  Status open(SinkContext context) override {
    context_.emplace(std::move(context));
    return files().create_directories(options_.path);
  }

  Status write(const Batch& batch) override {
    Batch data = batch.with_columns({});
    for (size_t column : options_.data_columns) data.columns.push_back(batch.columns[column]);
    for (uint32_t row = 0; row < batch.rows; ++row) {
      TRY_ASSIGN(OpenPart * part, part_of(batch, row));
      size_t before = part->buffer.size();
      encoder_->encode(data, row, part->buffer);
      part->buffer.push_back('\n');
      buffered_ += part->buffer.size() - before;
      if (part->buffer.size() >= kBufferBytes) TRY(flush(directory_, *part, false));
    }
    if (buffered_ < kBufferedBytesMax) return {};
    for (auto& [directory, part] : open_) TRY(flush(directory, *part, false));
    return {};
  }

  // Everything written since the last time is staged under this checkpoint's number.
  Status prepare(CheckpointId checkpoint) override {
    for (auto& [directory, part] : open_) TRY(flush(directory, *part, true));
    for (auto& [directory, part] : open_) TRY(stage(directory, part->name, checkpoint));
    open_.clear();
    for (const std::string& directory : touched_) TRY(files().sync_directory(directory));
    return {};
  }

  Status commit(CheckpointId) override {
    for (const Staged& part : staged_) {
      TRY(files().rename(part.directory + "/." + part.name, part.directory + "/" + part.name));
    }
    for (const std::string& directory : touched_) TRY(files().sync_directory(directory));
    staged_.clear();
    touched_.clear();
    return {};
  }

  Status recover(CheckpointId last_committed) override {
    if (!context_->replaced_run.empty()) TRY(forget_run(options_.path));
    return recover_below(options_.path, last_committed);
  }

 private:
  FileSystem& files() { return context_->env.files; }

  Result<OpenPart*> part_of(const Batch& batch, uint32_t row) {
    std::string& directory = directory_;
    directory = options_.path;
    for (size_t i = 0; i < options_.partition_columns.size(); ++i) {
      const Column& column = *batch.columns[options_.partition_columns[i]];
      directory += "/" + options_.partition_names[i] + "=" + partition_text(column, row);
    }
    auto& part = open_[directory];
    if (part) return part.get();
    TRY(files().create_directories(directory));
    part = std::make_unique<OpenPart>();
    // Its number is known at the checkpoint; until then it has the job's life and a counter for a name.
    part->name = working_name();
    return part.get();
  }

  std::string working_name() { return ".tmp-" + context_->run + "-" + context_->sink + "-" + std::to_string(++parts_); }

  std::string partition_text(const Column& column, uint32_t row) {
    if (!column.valid(row)) return options_.default_partition;
    std::string text = value_to_text(column.value(row), column.type(), settings_);
    if (text.empty()) return options_.default_partition;
    return escape_path_value(text);
  }

  Status flush(const std::string& directory, OpenPart& part, bool sync) {
    auto mode = part.created ? OpenMode::kAppend : OpenMode::kCreateNew;
    TRY_ASSIGN(auto file, files().open(directory + "/" + part.name, mode));
    part.created = true;
    BytesView piece = part.buffer;
    TRY(file->append(std::span(&piece, 1)));
    buffered_ -= part.buffer.size();
    part.buffer.clear();
    return sync ? file->sync() : Status{};
  }

  Status stage(const std::string& directory, const std::string& growing, CheckpointId checkpoint) {
    std::string name = part_prefix(context_->run, context_->sink) + std::to_string(checkpoint.value) + "-" +
                       std::to_string(staged_.size());
    TRY(files().rename(directory + "/" + growing, directory + "/." + name));
    staged_.push_back({directory, std::move(name)});
    if (touched_.empty() || touched_.back() != directory) touched_.push_back(directory);
    return {};
  }

  // Directories of partitions are below; everything else that is not ours is left alone.
  Status recover_below(const std::string& directory, CheckpointId last_committed) {
    std::string prefix = part_prefix(context_->run, context_->sink);
    std::string working = ".tmp-" + context_->run + "-" + context_->sink + "-";
    TRY_ASSIGN(auto names, files().list(directory));
    bool changed = false;
    for (const std::string& name : names) {
      std::string path = directory + "/" + name;
      if (name.starts_with(working)) {
        TRY(files().remove(path));
        changed = true;
      } else if (name.starts_with(prefix)) {
        // The last to be shown; the process may have died before that was durable.
        changed |= checkpoint_of(std::string_view(name).substr(prefix.size())) == last_committed.value;
      } else if (name.starts_with("." + prefix)) {
        int64_t checkpoint = checkpoint_of(std::string_view(name).substr(prefix.size() + 1));
        bool decided = checkpoint >= 0 && checkpoint <= last_committed.value;
        TRY(decided ? files().rename(path, directory + "/" + name.substr(1)) : files().remove(path));
        changed = true;
      } else if (!options_.partition_columns.empty() && name.find('=') != std::string::npos) {
        TRY(recover_below(path, last_committed));
      }
    }
    return changed ? files().sync_directory(directory) : Status{};
  }

  // Of any sink: the plan may be another one now.
  Status forget_run(const std::string& directory) {
    std::string prefix = "part-" + context_->replaced_run + "-";
    TRY_ASSIGN(auto names, files().list(directory));
    for (const std::string& name : names) {
      std::string path = directory + "/" + name;
      bool hidden_part = name.starts_with("." + prefix) || name.starts_with(".tmp-" + context_->replaced_run + "-");
      if (name.starts_with(prefix) || hidden_part) {
        TRY(files().remove(path));
      } else if (!options_.partition_columns.empty() && name.find('=') != std::string::npos) {
        TRY(forget_run(path));
      }
    }
    // Also if there was nothing: a process that died may have removed it, and not durably.
    return files().sync_directory(directory);
  }

  FileSinkOptions options_;
  std::unique_ptr<RowEncoder> encoder_;
  const EvalSettings& settings_;
  std::optional<SinkContext> context_;
  std::map<std::string, std::unique_ptr<OpenPart>> open_;  // By directory.
  size_t buffered_ = 0;                                    // In all of them.
  std::vector<Staged> staged_;                             // Prepared, not yet shown.
  std::vector<std::string> touched_;
  std::string directory_;
  int64_t parts_ = 0;
};

}  // namespace

Result<std::unique_ptr<Sink>> make_filesystem_sink(const TableOptions& table, const EvalSettings& settings) {
  OptionReader reader(table.options, "");
  FileSinkOptions options;
  options.path = without_scheme(reader.text("path", ""));
  while (options.path.size() > 1 && options.path.ends_with('/')) options.path.pop_back();
  options.default_partition = reader.text("partition.default-name", kDefaultPartitionName);
  Schema data;
  for (size_t i = 0; i < table.fields.size(); ++i) {
    bool partitions = false;
    for (const std::string& name : table.partitioned_by) partitions |= name == table.fields[i].name;
    if (partitions) continue;
    options.data_columns.push_back(i);
    data.push_back(table.fields[i]);
  }
  for (const std::string& name : table.partitioned_by) {
    for (size_t i = 0; i < table.fields.size(); ++i) {
      if (table.fields[i].name == name) options.partition_columns.push_back(i);
    }
    options.partition_names.push_back(escape_path_value(name));
  }
  TRY_ASSIGN(auto encoder, make_encoder(reader.text("format", ""), table.options, data, settings));
  return std::unique_ptr<Sink>(std::make_unique<FilesystemSink>(std::move(options), std::move(encoder), settings));
}

}  // namespace leat
