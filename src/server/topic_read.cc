// leat topic read
#include <algorithm>

#include "server/command.h"
#include "server/record_text.h"
#include "server/stop_signal.h"
#include "server/topic_source.h"

namespace leat {
namespace {

constexpr int64_t kWaitMs = 500;  // For something new, before it is looked whether to stop.

struct Reading {
  RecordStyle style;
  int64_t left = INT64_MAX;  // Records that may still be written.
  const StopSignal& stop;
  Console& console;
  bool over() const { return left <= 0 || stop.requested(); }
};

struct PartitionReading {
  int32_t partition;
  Offset end;  // What there was at the beginning.
  std::unique_ptr<RecordStream> stream;
};

// True: there were some.
Result<bool> write_some(PartitionReading& from, Reading& reading, int64_t wait_ms) {
  TRY_ASSIGN(auto records, from.stream->poll(wait_ms));
  for (const ConsumedRecord& record : records) {
    if (reading.left-- <= 0) break;
    TRY(reading.console.write(record_line(from.partition, record, reading.style) + "\n"));
  }
  return !records.empty();
}

Status read_to_the_end(std::vector<PartitionReading>& partitions, Reading& reading) {
  for (PartitionReading& each : partitions) {
    while (!reading.over() && each.stream->position() < each.end) {
      TRY(write_some(each, reading, 0));
    }
  }
  return {};
}

// All partitions in turn; when none has anything, the next one is waited for, not for long.
Status follow(std::vector<PartitionReading>& partitions, Reading& reading) {
  int64_t wait_ms = 0;
  while (!reading.over()) {
    bool some = false;
    for (PartitionReading& each : partitions) {
      if (reading.over()) break;
      TRY_ASSIGN(bool here, write_some(each, reading, wait_ms));
      some = some || here;
    }
    wait_ms = some ? 0 : std::max<int64_t>(kWaitMs / static_cast<int64_t>(partitions.size()), 10);
    TRY(reading.console.flush());
  }
  return {};
}

Result<std::vector<PartitionReading>> open_partitions(const Arguments& arguments, TopicSource& source) {
  TRY_ASSIGN(int64_t only, arguments.number_or("--partition", -1));
  TRY_ASSIGN(ReadFrom from, ReadFrom::parse(arguments.value_or("--from", "earliest")));
  TRY_ASSIGN(TopicFacts topic, source.topic(arguments.operands()[0]));
  TRY_ASSIGN(auto begins, source.begin_of(topic, from));
  std::vector<PartitionReading> out;
  for (size_t i = 0; i < topic.partitions.size(); ++i) {
    const PartitionFacts& each = topic.partitions[i];
    if (only >= 0 && each.number != only) continue;
    TRY_ASSIGN(auto stream, source.read({topic.name, PartitionId{each.number}}, begins[i]));
    out.push_back({each.number, each.last_stable, std::move(stream)});
  }
  if (!out.empty()) return out;
  return Error{Errc::kOutOfRange, "topic '" + topic.name + "' has no partition " + std::to_string(only) +
                                      ": they are 0 to " + std::to_string(topic.partitions.size() - 1)};
}

Status read(const Arguments& arguments, Console& console) {
  StopSignal stop;
  Reading reading{{arguments.has("--json"), arguments.has("--key"), arguments.has("--headers"),
                   arguments.value_or("--key-separator", "\t"), console.out_is_terminal()},
                  INT64_MAX,
                  stop,
                  console};
  TRY_ASSIGN(reading.left, arguments.number_or("--max", INT64_MAX));
  TRY_ASSIGN(auto source, TopicSource::open(arguments, console));
  TRY_ASSIGN(auto partitions, open_partitions(arguments, *source));
  if (!arguments.has("--follow")) return read_to_the_end(partitions, reading);
  if (source->can_wait()) return follow(partitions, reading);
  return Error{Errc::kInvalidArgument,
               "--follow is for the topics of a cluster; the topics of jobs are read to the end"};
}

}  // namespace

Command topic_read_command() {
  Command command;
  command.name = "topic read";
  command.operands = "TOPIC";
  command.operands_min = command.operands_max = 1;
  command.summary = "Write a topic's committed records, one a line.";
  command.details =
      "The values as they are, one partition after the other, to the end that there was at the beginning. Records of "
      "open and of aborted transactions are not shown.\n"
      "With --json: partition, offset, timestamp, headers, key and value; what is not UTF-8 is in base64, in a field "
      "of the same name with _base64 behind it.";
  command.options = with_source_options(
      {{"--partition", 'p', "N", "Only this partition."},
       {"--from", 0, "WHERE", "earliest (default), latest, an offset, or a time in UTC: '2024-02-29 12:34'."},
       {"--max", 'n', "N", "At most so many records."},
       {"--follow", 'f', "", "Do not end: wait for what comes, until Ctrl-C."},
       {"--key", 'k', "", "The key in front of the value."},
       {"--key-separator", 0, "TEXT", "What stands between the two. Default: a tab."},
       {"--headers", 0, "", "The headers in front of both, NAME=VALUE with commas between, and a tab."},
       json_option()});
  command.examples = {
      {"leat topic read flights --from '2024-02-29 12:00' --key --max 10", "Ten records from noon on, with keys."},
      {"leat topic read flights --follow --from latest --json", "What comes from now on, for a program."},
      {"leat topic read dlq.flights.flights --data ~/leat > again.ndjson", "The rows of dead letters, to run again."}};
  command.run = run_or_fail<read>;
  command.examples_run = false;
  return command;
}

}  // namespace leat
