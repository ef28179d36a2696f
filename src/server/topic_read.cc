// leat topic read
#include "dlq/json_object.h"
#include "server/command.h"
#include "server/home.h"

namespace leat {
namespace {

constexpr size_t kReadBytes = 1 << 20;

Bytes as_json(int32_t partition, const ConsumedRecord& consumed) {
  const Record& record = consumed.record;
  Bytes text;
  JsonObject out(text);
  out.number("partition", partition);
  out.number("offset", consumed.offset.value);
  out.time("timestamp", record.timestamp.value);
  out.raw("headers", headers_to_json(record.headers));
  out.bytes("key", record.key);
  out.bytes("value", record.value);
  out.close();
  return text;
}

struct Reading {
  bool json;
  std::optional<int64_t> from;
  int64_t left;  // Records that may still be written.
};

Status read_partition(Topics& topics, const TopicPartition& partition, const PartitionOffsets& offsets,
                      Reading& reading, Console& console) {
  Offset from{std::max(offsets.start.value, reading.from.value_or(0))};
  TRY_ASSIGN(auto consumer, topics.consumer(partition, from));
  while (reading.left > 0) {
    TRY_ASSIGN(auto records, consumer->poll(kReadBytes));
    if (records.empty()) break;
    for (const ConsumedRecord& consumed : records) {
      if (reading.left-- == 0) return {};
      Bytes line = reading.json ? as_json(partition.partition.value, consumed) : consumed.record.value.value_or("");
      TRY(console.write(line += '\n'));
    }
  }
  return {};
}

Status read(const Arguments& arguments, Console& console) {
  TRY_ASSIGN(int64_t from, arguments.number_or("--from", 0));
  TRY_ASSIGN(int64_t most, arguments.number_or("--max", INT64_MAX));
  TRY_ASSIGN(int64_t only, arguments.number_or("--partition", -1));
  TRY_ASSIGN(auto home, Home::open(data_directory(arguments)));
  TRY_ASSIGN(TopicDescription topic, describe_existing_topic(home->topics(), arguments.operands()[0]));
  auto partitions = static_cast<int64_t>(topic.partitions.size());
  if (only >= partitions) {
    return Error{Errc::kOutOfRange, "topic '" + topic.name + "' has no partition " + std::to_string(only) +
                                        ": they are 0 to " + std::to_string(partitions - 1)};
  }
  Reading reading{arguments.value_or("--format", "json") == "json", from, most};
  for (int64_t i = 0; i < partitions; ++i) {
    if (only >= 0 && i != only) continue;
    TopicPartition partition{topic.name, PartitionId{static_cast<int32_t>(i)}};
    TRY(read_partition(home->topics(), partition, topic.partitions[static_cast<size_t>(i)], reading, console));
  }
  return {};
}

int run(const Arguments& arguments, Console& console) {
  Status done = read(arguments, console);
  return done ? int{kDone} : console.fail(done.error(), exit_code_of(done.error()));
}

}  // namespace

Command topic_read_command() {
  Command command;
  command.name = "topic read";
  command.operands = "TOPIC";
  command.operands_min = command.operands_max = 1;
  command.summary = "Write a topic's committed records, one a line.";
  command.details =
      "json has partition, offset, timestamp, headers, key and value; what is not UTF-8 is in base64, in a field of "
      "the same name with _base64 behind it. value writes the values as they are.";
  command.options = {data_option(),
                     {"--partition", 'p', "N", "Only this partition. Default: one after the other."},
                     {"--from", 0, "OFFSET", "Begin at this offset. Default: the first."},
                     {"--max", 'n', "N", "At most so many records."},
                     {"--format", 0, "json|value", "Default: json.", {"json", "value"}}};
  command.examples = {
      {"leat topic read dlq.flights.flights --max 3", "The first three dead letters."},
      {"leat topic read dlq.flights.flights --format value > again.ndjson", "The rows themselves, to run them again."}};
  command.run = run;
  return command;
}

}  // namespace leat
