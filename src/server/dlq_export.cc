// leat dlq export
#include "server/command.h"
#include "server/dlq_filter.h"
#include "server/home.h"

namespace leat {
namespace {

int run_dlq_export(const Arguments& arguments, Console& console) {
  auto home = Home::open(data_directory(arguments));
  if (!home) return console.fail(home.error());
  Status written;
  Status visited = visit_letters((*home)->topics(), letter_filter(arguments), [&](const StoredLetter& letter) {
    written = console.write(letter_to_json(letter) + "\n");
    return written.has_value();
  });
  if (!visited) return console.fail(visited.error());
  return written ? int{kDone} : console.fail(written.error());
}

}  // namespace

Command dlq_export_command() {
  Command command;
  command.name = "dlq export";
  command.summary = "Write dead letters as JSON lines.";
  command.details =
      "The fields are id, topic, partition, offset, job, table, file, line, class, reason, message, operator, retries, "
      "first_failure, last_failure, headers, key and value (value_base64 if it is not UTF-8); of late rows also "
      "watermark, late_ms and windows, a list of [start, end].";
  command.options = letter_filter_options();
  command.options.push_back(data_option());
  command.examples = {
      {"leat dlq export --job flights --reason json.invalid | jq -r .value", "The rows as they were read."},
      {"leat dlq export --class late | jq '.late_ms' | sort -n | tail -1", "How late is the latest?"}};
  command.run = run_dlq_export;
  return command;
}

}  // namespace leat
