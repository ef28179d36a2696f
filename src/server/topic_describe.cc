// leat topic describe
#include "dlq/json_object.h"
#include "server/command.h"
#include "server/home.h"
#include "server/human.h"
#include "server/text_table.h"

namespace leat {
namespace {

Bytes as_json(const TopicDescription& topic) {
  Bytes partitions = "[";
  for (size_t i = 0; i < topic.partitions.size(); ++i) {
    if (i > 0) partitions += ',';
    JsonObject out(partitions);
    out.number("partition", static_cast<int64_t>(i));
    out.number("start", topic.partitions[i].start.value);
    out.number("last_stable", topic.partitions[i].last_stable.value);
    out.number("end", topic.partitions[i].end.value);
    out.close();
  }
  Bytes text;
  JsonObject out(text);
  out.text("topic", topic.name);
  out.number("bytes", static_cast<int64_t>(topic.bytes));
  out.number("retention_ms", topic.config.retention_ms);
  out.number("retention_bytes", topic.config.retention_bytes);
  out.raw("partitions", partitions + "]");
  out.close();
  return text + "\n";
}

std::string as_text(const TopicDescription& topic) {
  const TopicConfig& config = topic.config;
  std::string time = config.retention_ms < 0 ? "for ever" : "for " + human_duration(config.retention_ms);
  std::string size =
      config.retention_bytes < 0 ? "" : ", at most " + human_bytes(static_cast<uint64_t>(config.retention_bytes));
  std::vector<std::vector<std::string>> rows;
  for (size_t i = 0; i < topic.partitions.size(); ++i) {
    const PartitionOffsets& offsets = topic.partitions[i];
    rows.push_back({std::to_string(i), human_count(offsets.start.value), human_count(offsets.last_stable.value),
                    human_count(offsets.end.value)});
  }
  return "topic  " + topic.name + "\nsize   " + human_bytes(topic.bytes) + "\nkept   " + time + size + "\n\n" +
         text_table({{"partition", Align::kRight},
                     {"start", Align::kRight},
                     {"last stable", Align::kRight},
                     {"end", Align::kRight}},
                    rows);
}

int run(const Arguments& arguments, Console& console) {
  auto home = Home::open(data_directory(arguments));
  if (!home) return console.fail(home.error());
  auto topic = describe_existing_topic((*home)->topics(), arguments.operands()[0]);
  if (!topic) return console.fail(topic.error());
  (void)console.write(arguments.has("--json") ? as_json(*topic) : as_text(*topic));
  return kDone;
}

}  // namespace

Command topic_describe_command() {
  Command command;
  command.name = "topic describe";
  command.operands = "TOPIC";
  command.operands_min = command.operands_max = 1;
  command.summary = "Show a topic's partitions, offsets and retention.";
  command.details =
      "Records from `start` to before `last stable` can be read; those from there to `end` belong to transactions "
      "that are still open.";
  command.options = {data_option(), json_option()};
  command.examples = {
      {"leat topic describe dlq.flights.flights", "How many dead letters, and how long are they kept?"}};
  command.run = run;
  return command;
}

}  // namespace leat
