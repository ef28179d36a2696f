#pragma once
// Reading WITH options of one prefix, so that none goes unnoticed.
#include <optional>
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
  Result<std::optional<int64_t>> integer(const std::string& name);
  Result<std::optional<int64_t>> duration_ms(const std::string& name);
  Result<std::optional<int64_t>> bytes(const std::string& name);
  Result<std::string> one_of(const std::string& name, const std::vector<std::string>& allowed, std::string fallback);

  // Options that begin so are somebody else's ("json."), when the reader's own prefix is empty.
  void leave(const std::string& prefix) { not_ours_.insert(prefix); }
  void accept(const std::string& name) { known_.insert(prefix_ + name); }  // Known, and without effect here.

  // An error for an option with the prefix that nobody asked for, naming the nearest that there is.
  Status finish() const;

 private:
  const std::string* find(const std::string& name);
  const Options& options_;
  std::string prefix_;
  std::set<std::string> known_, not_ours_;
};

}  // namespace leat
