// leat topic ls
#include "server/command.h"
#include "server/listing.h"
#include "server/topic_source.h"

namespace leat {
namespace {

// Records that can be read, markers of transactions included.
int64_t offsets_of(const TopicFacts& topic) {
  int64_t out = 0;
  for (const PartitionFacts& partition : topic.partitions) out += partition.last_stable.value - partition.start.value;
  return out;
}

Status list_topics(const Arguments& arguments, Console& console) {
  TRY_ASSIGN(auto source, TopicSource::open(arguments, console));
  TRY_ASSIGN(auto topics, source->topics());
  Listing listing({{"topic"}, {"partitions", Shown::kCount}, {"offsets", Shown::kCount}, {"bytes", Shown::kBytes}});
  for (const TopicFacts& topic : topics) {
    ListValue bytes;
    if (topic.bytes) bytes = static_cast<int64_t>(*topic.bytes);
    listing.add({topic.name, static_cast<int64_t>(topic.partitions.size()), offsets_of(topic), bytes});
  }
  if (listing.empty() && !arguments.has("--json")) console.note("no topics");
  return listing.write(console, arguments.has("--json"));
}

}  // namespace

Command topic_ls_command() {
  Command command;
  command.name = "topic ls";
  command.summary = "List the topics of a cluster, or of a data directory.";
  command.details =
      "With --data: the topics of jobs. A job keeps its state in the topic job.JOB and its dead letters in "
      "dlq.JOB.TABLE.\n"
      "The offsets count markers of transactions too, and what was compacted away: there may be more of them than "
      "records.";
  command.options = with_source_options({json_option()});
  command.examples = {{"leat topic ls --bootstrap kafka.example:9092", "What is there?"},
                      {"leat topic ls --data ~/leat", "What do jobs keep there, and how large is it?"}};
  command.run = run_or_fail<list_topics>;
  command.examples_run = false;
  return command;
}

}  // namespace leat
