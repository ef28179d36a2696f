#pragma once
// Reading WITH options of one prefix, so that none goes unnoticed.
#include <set>
#include <string>
#include <vector>

#include "base/result.h"
#include "format/format.h"

namespace leat {

class OptionReader {
 public:
  OptionReader(const Options& options, std::string prefix) : options_(options), prefix_(std::move(prefix)) {}

  // Each names what the reader knows; the value is the default if the option is absent.
  std::string text(const std::string& name, std::string fallback);
  Result<bool> flag(const std::string& name, bool fallback);
  Result<char> character(const std::string& name, char fallback);  // One byte; "\t" and "\\" are escapes.
  Result<std::string> one_of(const std::string& name, const std::vector<std::string>& allowed, std::string fallback);

  // An error for an option with the prefix that nobody asked for, naming the nearest that there is.
  Status finish() const;

 private:
  const std::string* find(const std::string& name);
  const Options& options_;
  std::string prefix_;
  std::set<std::string> known_;
};

}  // namespace leat
