// leat topic write
#include "client/record_writer.h"
#include "server/cluster_access.h"
#include "server/command.h"
#include "server/config_pairs.h"
#include "server/human.h"
#include "server/stdin_lines.h"
#include "server/stop_signal.h"

namespace leat {
namespace {

constexpr size_t kLineBytesMax = 64 << 20;

Codec codec_of(const std::string& name) {
  if (name == "gzip") return Codec::kGzip;
  if (name == "snappy") return Codec::kSnappy;
  if (name == "lz4") return Codec::kLz4;
  return name == "zstd" ? Codec::kZstd : Codec::kNone;
}

// Cuts the key off a line.
Status split_key(const std::string& line, int64_t number, const std::string& separator, Record& record) {
  size_t at = line.find(separator);
  if (at == std::string::npos) {
    return Error{Errc::kInvalidArgument, "line " + std::to_string(number) + " has no key: there is no '" +
                                             printable_line(separator) + "' in it"};
  }
  record.key = line.substr(0, at);
  record.value = line.substr(at + separator.size());
  return {};
}

Status write(const Arguments& arguments, Console& console) {
  auto separator = arguments.last("--key-separator");
  if (separator && separator->empty()) return Error{Errc::kInvalidArgument, "--key-separator is empty"};
  TRY_ASSIGN(auto headers, config_pairs(arguments, "--header"));
  TRY_ASSIGN(int64_t only, arguments.number_or("--partition", -1));
  if (only > INT32_MAX) return Error{Errc::kOutOfRange, "--partition: there are not that many"};
  StopSignal stop;
  TRY_ASSIGN(auto access, ClusterAccess::open(arguments, console));
  TRY_ASSIGN(auto writer, client::RecordWriter::open(access->cluster(), arguments.operands()[0],
                                                     codec_of(arguments.value_or("--codec", "none"))));
  auto partition = only < 0 ? std::nullopt : std::optional(static_cast<int32_t>(only));
  Record record;
  for (const auto& [name, value] : headers) record.headers.push_back({name, value});
  StdinLines lines(kLineBytesMax);
  std::string line;
  Status failed;
  for (int64_t number = 1; !stop.requested(); ++number) {
    if (lines.must_wait()) TRY(writer->flush());
    TRY_ASSIGN(bool more, lines.next(line));
    if (!more) break;
    record.value = line;
    if (separator) failed = split_key(line, number, *separator, record);
    if (!failed) break;
    record.timestamp = access->env().clock.wall();
    TRY(writer->write(record, partition));
  }
  TRY(writer->flush());
  console.note("wrote " + human_count(writer->written()) + " records to topic '" + arguments.operands()[0] + "'");
  return failed;
}

}  // namespace

Command topic_write_command() {
  Command command;
  command.name = "topic write";
  command.operands = "TOPIC";
  command.operands_min = command.operands_max = 1;
  command.summary = "Write each line of standard input to a topic.";
  command.details =
      "As an idempotent producer with acks=all: each line once, and durable when the command says so. What is typed "
      "goes out at the end of the line, what is piped in batches. A key decides the partition, as in Kafka's Java "
      "client.";
  command.options = with_cluster_options(
      {{"--key-separator", 'k', "TEXT", "What stands before this in a line is the key."},
       {"--partition", 'p', "N", "To this partition, whatever the key."},
       {"--header", 0, "NAME=VALUE", "A header of every record. Repeatable.", {}, true},
       {"--codec", 'c', "CODEC", "How batches are compressed.", {"none", "gzip", "snappy", "lz4", "zstd"}}});
  command.examples = {{"leat topic write flights --codec zstd < flights.ndjson", "A file, line by line."},
                      {"echo 'ANC:{\"delay\": 3}' | leat topic write flights --key-separator :", "With a key."}};
  command.run = run_or_fail<write>;
  command.examples_run = false;
  return command;
}

}  // namespace leat
