// leat dlq ls
#include "dlq/json_object.h"
#include "server/command.h"
#include "server/dlq_filter.h"
#include "server/home.h"
#include "server/human.h"
#include "server/text_table.h"

namespace leat {
namespace {

Bytes as_json(const LetterGroup& group) {
  Bytes text;
  JsonObject out(text);
  out.text("job", group.job);
  out.text("table", group.table);
  out.text("class", group.letter_class);
  out.text("reason", group.reason);
  out.number("count", group.count);
  out.time("first", group.first_failure.value);
  out.time("last", group.last_failure.value);
  out.text("example", group.example_id);
  out.close();
  return text + "\n";
}

std::string as_table(const std::vector<LetterGroup>& groups, size_t width) {
  std::vector<std::vector<std::string>> rows;
  int64_t letters = 0;
  for (const LetterGroup& group : groups) {
    letters += group.count;
    rows.push_back({printable_line(group.job), printable_line(group.table), printable_line(group.letter_class),
                    printable_line(group.reason), human_count(group.count), human_time(group.first_failure.value),
                    human_time(group.last_failure.value), printable_line(group.example_id)});
  }
  return text_table({{"job"},
                     {"table"},
                     {"class"},
                     {"reason"},
                     {"count", Align::kRight},
                     {"first (UTC)"},
                     {"last (UTC)"},
                     {"example"}},
                    rows, width) +
         "(" + human_count(letters) + (letters == 1 ? " letter)\n" : " letters)\n");
}

int run_dlq_ls(const Arguments& arguments, Console& console) {
  auto home = Home::open(data_directory(arguments));
  if (!home) return console.fail(home.error());
  auto groups = group_letters((*home)->topics(), letter_filter(arguments));
  if (!groups) return console.fail(groups.error());
  if (arguments.has("--json")) {
    for (const LetterGroup& group : *groups) (void)console.write(as_json(group));
  } else if (groups->empty()) {
    console.note("no dead letters");
  } else {
    (void)console.write(as_table(*groups, console.width()));
  }
  return kDone;
}

}  // namespace

Command dlq_ls_command() {
  Command command;
  command.name = "dlq ls";
  command.summary = "Count the dead letters by job, table, class and reason.";
  command.options = letter_filter_options();
  command.options.push_back(data_option());
  command.options.push_back(json_option());
  command.examples = {{"leat dlq ls", "Why did rows not make it?"},
                      {"leat dlq ls --job flights --class late", "How many came too late?"}};
  command.run = run_dlq_ls;
  return command;
}

}  // namespace leat
