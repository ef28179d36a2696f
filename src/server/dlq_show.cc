// leat dlq show
#include "server/command.h"
#include "server/dlq_filter.h"
#include "server/home.h"
#include "server/letter_text.h"

namespace leat {
namespace {

int run_dlq_show(const Arguments& arguments, Console& console) {
  const std::string& id = arguments.operands()[0];
  auto home = Home::open(data_directory(arguments));
  if (!home) return console.fail(home.error());
  auto letter = find_letter((*home)->topics(), id);
  if (!letter) return console.fail(letter.error());
  if (!*letter)
    return console.fail({Errc::kNotFound, "no dead letter '" + id + "'; `leat dlq ls` shows an id of each group"});
  (void)console.write(arguments.has("--json") ? letter_to_json(**letter) + "\n" : letter_text(**letter));
  return kDone;
}

}  // namespace

Command dlq_show_command() {
  Command command;
  command.name = "dlq show";
  command.operands = "ID";
  command.operands_min = command.operands_max = 1;
  command.summary = "Show one dead letter in full.";
  command.details = "What is not text is shown as \\xff, or in hexadecimal if the whole value is not UTF-8.";
  command.options = {data_option(), json_option()};
  command.examples = {{"leat dlq show \"$(leat dlq export | head -n 1 | jq -r .id)\"",
                       "The first letter; `leat dlq ls` shows ids, too."}};
  command.run = run_dlq_show;
  return command;
}

}  // namespace leat
