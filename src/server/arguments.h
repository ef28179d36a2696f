#pragma once
// Options and operands of a command line, checked against what the command declares.
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "base/result.h"

namespace leat {

struct OptionInfo {
  std::string name;   // "--data".
  char letter = 0;    // 'd' for "-d"; 0: none.
  std::string value;  // "DIR", shown in the help; empty: a flag.
  std::string help;
  std::vector<std::string> choices{};  // Empty: any value.
  bool repeatable = false;             // Every one counts; else the last.
};

class Arguments {
 public:
  // `--name value`, `--name=value`, `-n value`, `-nvalue`; `--` ends the options. `--help` and `-h` are always known.
  // Errors: kInvalidArgument, naming the nearest known option.
  static Result<Arguments> parse(std::span<const std::string> words, const std::vector<OptionInfo>& known);

  bool has(const std::string& name) const { return last(name).has_value(); }
  std::optional<std::string> last(const std::string& name) const;  // Of an option given twice, the later one counts.
  std::string value_or(const std::string& name, const std::string& fallback) const;
  std::vector<std::string> all(const std::string& name) const;
  // A number from 0 up; kInvalidArgument names the option and the value.
  Result<int64_t> number_or(const std::string& name, int64_t fallback) const;

  const std::vector<std::pair<std::string, std::string>>& options() const { return options_; }  // As they were given.
  const std::vector<std::string>& operands() const { return operands_; }

 private:
  Status take(const OptionInfo& option, std::optional<std::string> value);
  std::vector<std::pair<std::string, std::string>> options_;
  std::vector<std::string> operands_;
};

}  // namespace leat
