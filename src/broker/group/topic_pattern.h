#pragma once
#include <memory>
#include <string>

#include "base/result.h"

namespace re2 {
class RE2;
}

namespace leat {

// A regular expression over whole topic names, in RE2's syntax as Kafka has it: it takes time linear in the name and
// bounded memory, whatever the pattern is. Immutable.
class TopicPattern {
 public:
  // kInvalidArgument says what is wrong with it.
  static Result<TopicPattern> compile(const std::string& pattern);
  bool matches(const std::string& topic) const;

 private:
  std::shared_ptr<const re2::RE2> compiled_;
};

}  // namespace leat
