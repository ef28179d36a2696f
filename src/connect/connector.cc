#include "connect/connector.h"

#include "base/units.h"
#include "connect/datagen.h"
#include "connect/datagen_field.h"
#include "connect/file_facts.h"
#include "connect/filesystem_sink.h"
#include "connect/filesystem_source.h"
#include "connect/path_list.h"
#include "connect/simple_sinks.h"
#include "format/options.h"

namespace leat {
namespace {

const std::vector<std::string> kConnectors = {"filesystem", "datagen", "print", "blackhole"};

Result<std::string> connector_of(const TableOptions& table) {
  auto at = table.options.find("connector");
  if (at == table.options.end()) {
    return Error{
        Errc::kInvalidArgument,
        "table '" + table.table + "' has no 'connector' option: expected filesystem, datagen, print or blackhole"};
  }
  for (const std::string& known : kConnectors) {
    if (at->second == known) return known;
  }
  return Error{Errc::kInvalidArgument,
               "unknown connector '" + at->second + "'" + did_you_mean(at->second, kConnectors)};
}

Error in_table(const TableOptions& table, const Error& error) {
  return Error{error.code, "table '" + table.table + "': " + error.message};
}

// Flink's options of the filesystem connector. Those that say how parts roll or are merged have no effect: a part is
// shown by the checkpoint that has it.
void know_filesystem_options(OptionReader& reader) {
  for (const char* name :
       {"path", "format", "source.monitor-interval", "source.partitions", "scan.watermark.idle-timeout",
        "partition.default-name", "leat.batch-rows", "session.max-duration", "sink.rolling-policy.file-size",
        "sink.rolling-policy.rollover-interval", "sink.rolling-policy.inactivity-interval",
        "sink.rolling-policy.check-interval", "auto-compaction", "compaction.file-size", "sink.parallelism",
        "sink.shuffle-by-partition.enable"}) {
    reader.accept(name);
  }
}

Status check_filesystem(const TableOptions& table, OptionReader& reader) {
  know_filesystem_options(reader);
  std::string path = reader.text("path", "");
  if (path.empty()) return Error{Errc::kInvalidArgument, "'path' is missing"};
  if (without_scheme(path).find("://") != std::string::npos) {
    return Error{Errc::kUnsupported, "'path' = '" + path + "': only files of this machine are read and written"};
  }
  std::string format = reader.text("format", "");
  if (format.empty()) return Error{Errc::kInvalidArgument, "'format' is missing: expected json or csv"};
  reader.leave(format + ".");
  TRY_ASSIGN(auto interval, reader.duration_ms("source.monitor-interval"));
  if (interval && *interval <= 0) {
    return Error{Errc::kInvalidArgument, "'source.monitor-interval': expected more than 0; without it the input ends"};
  }
  TRY(reader.duration_ms("scan.watermark.idle-timeout"));
  TRY(reader.one_of("source.partitions", {"one", "file"}, "one"));
  TRY(reader.finish());
  TRY(check_file_metadata(table.metadata));
  static const EvalSettings kSettings;
  TRY(make_decoder(format, table.options, table.physical, table.physical, kSettings));
  return {};
}

Status check_datagen(const TableOptions& table, OptionReader& reader) {
  for (const char* name :
       {"rows-per-second", "number-of-rows", "seed", "start-ms", "leat.batch-rows", "session.max-duration"}) {
    reader.accept(name);
  }
  for (const Field& field : table.physical) TRY(make_datagen_field(field, reader));
  static const EvalSettings kSettings;
  TRY(make_datagen_source(table, kSettings));
  return reader.finish();
}

Status check_simple(OptionReader& reader, bool print) {
  reader.accept("sink.parallelism");
  if (print) {
    reader.accept("print-identifier");
    TRY(reader.flag("standard-error", false));
  }
  return reader.finish();
}

}  // namespace

Status check_options(const TableOptions& table) {
  TRY_ASSIGN(std::string connector, connector_of(table));
  OptionReader reader(table.options, "");
  reader.accept("connector");
  if (connector != "filesystem" && !table.metadata.empty()) {
    return in_table(table, Error{Errc::kInvalidArgument, "the connector '" + connector + "' has no metadata, so no '" +
                                                             table.metadata[0].name + "'"});
  }
  Status checked = connector == "filesystem" ? check_filesystem(table, reader)
                   : connector == "datagen"  ? check_datagen(table, reader)
                                             : check_simple(reader, connector == "print");
  if (!checked) return in_table(table, checked.error());
  return {};
}

Result<std::unique_ptr<Source>> make_source(const TableOptions& table, const EvalSettings& settings) {
  TRY_ASSIGN(std::string connector, connector_of(table));
  if (connector == "print" || connector == "blackhole") {
    return Error{Errc::kInvalidArgument, "table '" + table.table + "': " + connector + " can be written, not read"};
  }
  auto made = connector == "datagen" ? make_datagen_source(table, settings) : make_filesystem_source(table, settings);
  if (!made) return in_table(table, made.error());
  return made;
}

Result<std::unique_ptr<Sink>> make_sink(const TableOptions& table, const EvalSettings& settings) {
  TRY_ASSIGN(std::string connector, connector_of(table));
  if (connector == "print") return make_print_sink(table, settings);
  if (connector == "blackhole") return make_blackhole_sink(table);
  if (connector == "datagen") {
    return Error{Errc::kInvalidArgument, "table '" + table.table + "': datagen can be read, not written"};
  }
  if (table.fields.size() > table.physical.size()) {
    return in_table(table, Error{Errc::kInvalidArgument, "metadata cannot be written: declare its columns VIRTUAL"});
  }
  auto made = make_filesystem_sink(table, settings);
  if (!made) return in_table(table, made.error());
  return made;
}

}  // namespace leat
