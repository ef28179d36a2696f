#include "server/dlq_filter.h"

namespace leat {

std::vector<OptionInfo> letter_filter_options() {
  return {{"--job", 'j', "JOB", "Only letters of this job."},
          {"--table", 't', "TABLE", "Only letters of this source table."},
          {"--class", 'c', "CLASS", "Only letters of this class.", {"transient", "data", "code", "poison", "late"}},
          {"--reason", 'r', "REASON", "Only letters with this reason, such as json.invalid."}};
}

LetterFilter letter_filter(const Arguments& arguments) {
  return {arguments.value_or("--job", ""), arguments.value_or("--table", ""), arguments.value_or("--class", ""),
          arguments.value_or("--reason", "")};
}

}  // namespace leat
