#include "connect/filesystem_source.h"

#include <algorithm>
#include <functional>
#include <iterator>

#include "connect/file_facts.h"
#include "connect/file_partition.h"
#include "connect/path_list.h"
#include "format/csv_options.h"
#include "format/options.h"

namespace leat {
namespace {

constexpr int64_t kNanosPerMilli = 1'000'000;

struct FilesystemOptions {
  std::string path, format;
  bool partition_by_file = false;
  std::optional<int64_t> monitor_interval_ms;
  int64_t idle_timeout_ms = 0;  // 0: none.
  uint32_t batch_rows = kBatchRowsMax;
};

class FilesystemSource final : public Source {
 public:
  FilesystemSource(FilesystemOptions options, std::unique_ptr<FileSourceShape> shape)
      : options_(std::move(options)), shape_(std::move(shape)) {}

  Status open(SourceContext context) override {
    context_.emplace(std::move(context));
    auto files = list_files(context_->env.files, options_.path);
    if (!files) {
      bool may_come = options_.monitor_interval_ms && files.error().code == Errc::kNotFound;
      if (!may_come) return not_readable(files.error());
      files = std::vector<std::string>();
    }
    plan_reading(options_.partition_by_file ? std::max<size_t>(1, files->size()) : 1);
    if (!options_.partition_by_file) add_partition();
    for (const std::string& file : *files) add_file(file);
    last_row_ = context_->env.clock.monotonic().value;
    return {};
  }

  int32_t partitions() const override { return static_cast<int32_t>(partitions_.size()); }
  bool bounded() const override { return !options_.monitor_interval_ms; }

  Result<Poll> poll() override {
    // Partitions take turns; with one there is nothing to choose.
    for (size_t tried = 0; tried < partitions_.size(); ++tried) {
      size_t number = turn_++ % partitions_.size();
      if (ended_[number]) continue;
      TRY_ASSIGN(auto batch, partitions_[number]->next());
      if (batch) {
        idle_ = false;
        if (!bounded()) last_row_ = context_->env.clock.monotonic().value;
        return Poll{Poll::Kind::kBatch, std::move(*batch), {}};
      }
      if (!bounded() && !options_.partition_by_file) continue;
      // A file that is done holds the watermark back no longer. As long as others may come, time has no end.
      ended_[number] = true;
      Poll out{bounded() ? Poll::Kind::kPartitionEnded : Poll::Kind::kPartitionIdle, {}, {}};
      out.batch.partition = static_cast<int32_t>(number);
      return out;
    }
    if (bounded()) return Poll{Poll::Kind::kEnd, {}, {}};
    return look_for_files();
  }

  Bytes position() const override {
    Bytes out;
    ValueWriter writer(out);
    writer.int64(static_cast<int64_t>(partitions_.size()));
    for (const auto& partition : partitions_) {
      const FilePosition& at = partition->position();
      writer.bytes(at.file);
      writer.int64(static_cast<int64_t>(at.offset));
      writer.int64(static_cast<int64_t>(at.line));
      writer.boolean(at.at_end);
    }
    // A watched directory: files may come whose names sort before those that were read.
    if (bounded()) return out;
    std::vector<std::string> done = done_;
    for (const auto& partition : partitions_) {
      done.insert(done.end(), partition->finished_files().begin(), partition->finished_files().end());
    }
    writer.int64(static_cast<int64_t>(done.size()));
    for (const std::string& file : done) writer.bytes(file);
    return out;
  }

  // The partitions are made again: without the files that are done, and in the middle of the one that was being read.
  Status seek(BytesView saved) override {
    ValueReader reader(saved);
    std::vector<FilePosition> positions(static_cast<size_t>(next_int(reader)));
    for (FilePosition& at : positions) {
      at.file = next_text(reader);
      at.offset = static_cast<uint64_t>(next_int(reader));
      at.line = static_cast<uint64_t>(next_int(reader));
      at.at_end = reader.present() && reader.boolean();
    }
    std::set<std::string> done;
    for (int64_t left = reader.at_end() ? 0 : next_int(reader); left > 0; --left) done.insert(next_text(reader));
    for (const FilePosition& at : positions) {
      if (at.at_end && !at.file.empty()) done.insert(at.file);
    }
    done_.assign(done.begin(), done.end());
    std::vector<std::string> files = std::move(files_);
    for (const FilePosition& at : positions) expect_file(files, at);
    restart();
    if (options_.partition_by_file) return seek_each(files, positions, done);
    if (positions.empty()) return {};
    const FilePosition& at = positions[0];
    add_partition();
    bool in_middle = false;
    for (const std::string& file : files) {
      bool current = file == at.file;
      bool passed = bounded() && !at.file.empty() && natural_less(file, at.file);
      if (passed || done.contains(file) || (current && at.at_end)) {
        seen_.insert(file);
        continue;
      }
      if (current) in_middle = true;
      add_file(file);
    }
    // In a watched directory files with earlier names may stand before the one in hand; it goes first all the same.
    if (in_middle) move_to_front(at.file);
    partitions_[0]->seek(at);
    if (!in_middle) partitions_[0]->seek({at.file, 0, 1, at.at_end});
    return {};
  }

  std::pair<uint64_t, uint64_t> progress() const override {
    uint64_t read = 0;
    for (const auto& partition : partitions_) read += partition->bytes_read();
    return {read, 0};
  }

 private:
  Error not_readable(Error error) const {
    if (error.code != Errc::kNotFound) return error;
    error.message = "'path' = '" + options_.path + "': there is no such file, directory or match";
    if (!options_.path.starts_with('/'))
      error.message += "; it is looked for in the directory in which Leat was started";
    return error;
  }

  static int64_t next_int(ValueReader& reader) { return reader.present() ? reader.int64() : 0; }
  static std::string next_text(ValueReader& reader) {
    return reader.present() ? std::string(reader.bytes()) : std::string();
  }

  // A file that was being read is read on, even if it is not there any more: a letter says so.
  static void expect_file(std::vector<std::string>& files, const FilePosition& at) {
    if (at.file.empty() || at.at_end || std::find(files.begin(), files.end(), at.file) != files.end()) return;
    files.insert(std::lower_bound(files.begin(), files.end(), at.file, natural_less), at.file);
  }

  // Of `partitions` partitions: enough blocks for all threads, in memory that does not grow with them.
  void plan_reading(size_t partitions) {
    constexpr size_t kBlocksPerThread = 3, kBytesMax = 64u << 20, kBlockBytesMin = 16u << 10;
    size_t blocks = static_cast<size_t>(context_->env.workers.threads()) * kBlocksPerThread;
    shape_->blocks_ahead = std::max<size_t>(1, blocks / partitions);
    shape_->block_bytes = std::clamp(kBytesMax / partitions, kBlockBytesMin, LineReader::kBlockBytes);
  }

  void add_partition() {
    partitions_.push_back(std::make_unique<FilePartition>(partitions(), *shape_, context_->env, context_->stage));
    ended_.push_back(false);
  }

  void add_file(const std::string& file) {
    if (!seen_.insert(file).second) return;
    files_.push_back(file);
    if (options_.partition_by_file) add_partition();
    partitions_.back()->add_file(file);
    // From the beginning; and a checkpoint says which partition is which file.
    if (options_.partition_by_file) partitions_.back()->seek({file, 0, 1, false});
  }

  void restart() {
    partitions_.clear();
    ended_.clear();
    files_.clear();
    seen_.clear();
  }

  void move_to_front(const std::string& file) {
    std::vector<std::string> files = std::move(files_);
    restart();
    add_partition();
    add_file(file);
    for (const std::string& other : files) add_file(other);
    for (const std::string& finished : done_) seen_.insert(finished);
  }

  // Partition i is the i-th file that was found; those that came since follow.
  Status seek_each(const std::vector<std::string>& files, const std::vector<FilePosition>& positions,
                   const std::set<std::string>& done) {
    std::vector<std::string> order;
    for (size_t i = 0; i < positions.size(); ++i) {
      order.push_back(!positions[i].file.empty() ? positions[i].file : i < files.size() ? files[i] : std::string());
    }
    for (const std::string& file : files) {
      if (std::find(order.begin(), order.end(), file) == order.end()) order.push_back(file);
    }
    for (size_t i = 0; i < order.size(); ++i) {
      add_partition();
      seen_.insert(order[i]);
      files_.push_back(order[i]);
      bool finished = done.contains(order[i]) || (i < positions.size() && positions[i].at_end);
      if (!finished) partitions_.back()->add_file(order[i]);
      partitions_.back()->seek(i < positions.size() ? positions[i] : FilePosition{order[i], 0, 1, false});
    }
    return {};
  }

  Result<Poll> look_for_files() {
    int64_t now = context_->env.clock.monotonic().value;
    int64_t interval = *options_.monitor_interval_ms * kNanosPerMilli;
    if (now >= next_look_) {
      next_look_ = now + interval;
      auto files = list_files(context_->env.files, options_.path);
      if (!files && files.error().code != Errc::kNotFound) return files.error();
      size_t before = files_.size();
      if (files) {
        for (const std::string& file : *files) add_file(file);
      }
      if (files_.size() > before) return poll();
    }
    return wait_for_files(now);
  }

  // A directory cannot tell whether somebody is about to write into it, so only time can.
  Poll wait_for_files(int64_t now) {
    if (idle_ || options_.idle_timeout_ms == 0) return Poll{Poll::Kind::kNothing, {}, Instant{next_look_}};
    int64_t idle_at = last_row_ + options_.idle_timeout_ms * kNanosPerMilli;
    if (now < idle_at) return Poll{Poll::Kind::kNothing, {}, Instant{std::min(next_look_, idle_at)}};
    idle_ = true;
    return Poll{Poll::Kind::kPartitionIdle, {}, {}};  // Partition 0; those that are files are idle when they are done.
  }

  FilesystemOptions options_;
  std::unique_ptr<FileSourceShape> shape_;
  std::optional<SourceContext> context_;
  std::vector<std::string> files_;  // Added, in order.
  std::set<std::string> seen_;      // Added, or done before a restart.
  std::vector<std::string> done_;   // Before a restart.
  std::vector<std::unique_ptr<FilePartition>> partitions_;
  std::vector<bool> ended_;
  size_t turn_ = 0;
  int64_t next_look_ = 0, last_row_ = 0;
  bool idle_ = false;
};

}  // namespace

Result<std::unique_ptr<Source>> make_filesystem_source(const TableOptions& table, const EvalSettings& settings) {
  OptionReader reader(table.options, "");
  FilesystemOptions options;
  options.path = without_scheme(reader.text("path", ""));
  options.format = reader.text("format", "");
  TRY_ASSIGN(std::string partitions, reader.one_of("source.partitions", {"one", "file"}, "one"));
  options.partition_by_file = partitions == "file";
  TRY_ASSIGN(options.monitor_interval_ms, reader.duration_ms("source.monitor-interval"));
  TRY_ASSIGN(auto idle_timeout, reader.duration_ms("scan.watermark.idle-timeout"));
  options.idle_timeout_ms = options.partition_by_file ? 0 : idle_timeout.value_or(0);
  TRY_ASSIGN(auto batch_rows, reader.integer("leat.batch-rows"));
  if (batch_rows) options.batch_rows = static_cast<uint32_t>(std::clamp<int64_t>(*batch_rows, 1, kBatchRowsMax));
  Schema decoded, recorded;  // Without what the paths say.
  std::vector<FileSourceShape::PathColumn> path_columns;
  auto in_path = [&table](const Field& field) {
    return std::find(table.partitioned_by.begin(), table.partitioned_by.end(), field.name) !=
           table.partitioned_by.end();
  };
  for (size_t i = 0; i < table.fields.size(); ++i) {
    if (in_path(table.fields[i]))
      path_columns.push_back({table.fields[i], i});
    else
      decoded.push_back(table.fields[i]);
  }
  std::copy_if(table.physical.begin(), table.physical.end(), std::back_inserter(recorded), std::not_fn(in_path));
  TRY_ASSIGN(auto first, make_decoder(options.format, table.options, decoded, recorded, settings));
  (void)first;  // The options are good, so making more of them cannot fail.

  auto shape = std::make_unique<FileSourceShape>(table.table, settings);
  shape->make_decoder = [format = options.format, given = table.options, decoded, recorded, &settings] {
    auto decoder = make_decoder(format, given, decoded, recorded, settings);
    CHECK(decoder);
    return std::move(*decoder);
  };
  shape->splitter = make_line_splitter();
  if (options.format == "csv") {
    TRY_ASSIGN(CsvOptions csv, read_csv_options(table.options));
    if (csv.quote) shape->splitter = make_csv_splitter(csv.delimiter, *csv.quote, csv.escape);
  }
  shape->path_columns = std::move(path_columns);
  shape->null_name = reader.text("partition.default-name", kDefaultPartitionName);
  shape->metadata = table.metadata;
  shape->batch_rows = options.batch_rows;
  return std::unique_ptr<Source>(std::make_unique<FilesystemSource>(std::move(options), std::move(shape)));
}

}  // namespace leat
