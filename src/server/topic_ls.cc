// leat topic ls
#include "dlq/json_object.h"
#include "server/command.h"
#include "server/home.h"
#include "server/human.h"
#include "server/text_table.h"

namespace leat {
namespace {

// Records that can be read, markers of transactions included.
int64_t records_of(const TopicDescription& topic) {
  int64_t out = 0;
  for (const PartitionOffsets& partition : topic.partitions) out += partition.last_stable.value - partition.start.value;
  return out;
}

std::string as_json(const TopicDescription& topic) {
  Bytes text;
  JsonObject out(text);
  out.text("topic", topic.name);
  out.number("partitions", static_cast<int64_t>(topic.partitions.size()));
  out.number("offsets", records_of(topic));
  out.number("bytes", static_cast<int64_t>(topic.bytes));
  out.close();
  return text + "\n";
}

int run(const Arguments& arguments, Console& console) {
  auto home = Home::open(data_directory(arguments));
  if (!home) return console.fail(home.error());
  Admin& admin = (*home)->topics().admin();
  auto names = admin.list_topics();
  if (!names) return console.fail(names.error());
  std::vector<std::vector<std::string>> rows;
  for (const std::string& name : *names) {
    auto topic = admin.describe_topic(name);
    if (!topic) return console.fail(topic.error());
    if (arguments.has("--json")) {
      (void)console.write(as_json(*topic));
    } else {
      rows.push_back({name, human_count(static_cast<int64_t>(topic->partitions.size())),
                      human_count(records_of(*topic)), human_bytes(topic->bytes)});
    }
  }
  if (arguments.has("--json")) return kDone;
  if (rows.empty()) {
    console.note("no topics in '" + data_directory(arguments) + "'");
    return kDone;
  }
  (void)console.write(
      text_table({{"topic"}, {"partitions", Align::kRight}, {"offsets", Align::kRight}, {"size", Align::kRight}}, rows,
                 console.width()));
  return kDone;
}

}  // namespace

Command topic_ls_command() {
  Command command;
  command.name = "topic ls";
  command.summary = "List the topics of a data directory.";
  command.details =
      "A job keeps its state in the topic job.JOB and its dead letters in dlq.JOB.TABLE. The offsets count markers of "
      "transactions too, so there are a few more of them than records.";
  command.options = {data_option(), json_option()};
  command.examples = {{"leat topic ls --data ~/leat", "What is kept there, and how large is it?"}};
  command.run = run;
  return command;
}

}  // namespace leat
