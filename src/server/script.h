#pragma once
// Scripts: text from files or the command line, executed statement by statement.
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "server/arguments.h"
#include "server/failure.h"
#include "sql/session.h"

namespace leat {

// The settings of --set, which are stronger than those of the script.
class SettingOverrides {
 public:
  static Result<SettingOverrides> parse(const std::vector<std::string>& key_values);  // Of "KEY=VALUE".
  // kInvalidArgument for a setting or value that is not known.
  Status apply(Settings&) const;

 private:
  std::vector<std::pair<std::string, std::string>> values_;
};

// `path`: a file, or "-" for standard input. kNotFound, kIo.
Result<std::string> read_text(const std::string& path);

// Runs `handle` for each statement's outcome, in order. Stops at the first failure, which then begins with `name`.
using OutcomeHandler = std::function<MaybeFailure(const ast::Statement&, Outcome&)>;
MaybeFailure execute_script(Session&, const SettingOverrides&, const std::string& name, const std::string& text,
                            const OutcomeHandler& handle);

}  // namespace leat
