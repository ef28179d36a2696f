// leat topic describe
#include "dlq/json_object.h"
#include "server/command.h"
#include "server/human.h"
#include "server/listing.h"
#include "server/topic_source.h"

namespace leat {
namespace {

std::string join(const std::vector<int32_t>& numbers, bool json) {
  std::string out;
  for (int32_t each : numbers) out += (out.empty() ? "" : ",") + std::to_string(each);
  return json ? "[" + out + "]" : out;
}

// Who holds a partition is nothing to say where there is one machine without a number.
Listing partitions_of(const TopicFacts& topic, bool json) {
  bool brokers = false;
  for (const PartitionFacts& each : topic.partitions) brokers = brokers || each.leader || !each.replicas.empty();
  std::vector<ListColumn> columns{
      {"partition", Shown::kCount}, {"start", Shown::kCount}, {"last stable", Shown::kCount}, {"end", Shown::kCount}};
  if (brokers)
    columns.insert(columns.end(), {{"leader", Shown::kCount}, {"replicas", Shown::kJson}, {"in sync", Shown::kJson}});
  Listing out(columns);
  for (const PartitionFacts& each : topic.partitions) {
    std::vector<ListValue> row{int64_t{each.number}, each.start.value, each.last_stable.value, each.end.value};
    ListValue leader;
    if (each.leader) leader = int64_t{*each.leader};
    if (brokers) row.insert(row.end(), {leader, join(each.replicas, json), join(each.in_sync, json)});
    out.add(std::move(row));
  }
  return out;
}

Bytes as_json(const TopicFacts& topic) {
  Bytes configs;
  JsonObject settings(configs);
  for (const auto& [name, value] : topic.configs) settings.text(name, value);
  settings.close();
  Bytes text;
  JsonObject out(text);
  out.text("topic", topic.name);
  if (topic.bytes) out.number("bytes", static_cast<int64_t>(*topic.bytes));
  out.raw("configs", configs);
  out.raw("partitions", partitions_of(topic, true).json_array());
  out.close();
  return text + "\n";
}

std::string as_text(const TopicFacts& topic, size_t width) {
  std::string out = "topic   " + topic.name + "\n";
  if (topic.bytes) out += "size    " + human_bytes(*topic.bytes) + "\n";
  const char* title = "set     ";
  for (const auto& [name, value] : topic.configs) {
    out += title + printable_line(name + "=" + value) + "\n";
    title = "        ";
  }
  if (topic.configs.empty()) out += "set     nothing: all settings are the broker's\n";
  return out + "\n" + partitions_of(topic, false).table(width);
}

Status describe_topics(const Arguments& arguments, Console& console) {
  TRY_ASSIGN(auto source, TopicSource::open(arguments, console));
  TRY_ASSIGN(TopicFacts topic, source->topic(arguments.operands()[0]));
  return console.write(arguments.has("--json") ? as_json(topic) : as_text(topic, console.width()));
}

}  // namespace

Command topic_describe_command() {
  Command command;
  command.name = "topic describe";
  command.operands = "TOPIC";
  command.operands_min = command.operands_max = 1;
  command.summary = "Show a topic's partitions, offsets and settings.";
  command.details =
      "Records from `start` to before `last stable` can be read; those from there to `end` belong to transactions "
      "that are still open. Of the settings those are shown that are set on the topic itself.";
  command.options = with_source_options({json_option()});
  command.examples = {
      {"leat topic describe flights", "Where is it, and how is it set?"},
      {"leat topic describe dlq.flights.flights --data ~/leat", "How many dead letters, and how long are they kept?"}};
  command.run = run_or_fail<describe_topics>;
  command.examples_run = false;
  return command;
}

}  // namespace leat
