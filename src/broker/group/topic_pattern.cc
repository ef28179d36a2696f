#include "broker/group/topic_pattern.h"

#include <re2/re2.h>

namespace leat {
namespace {

constexpr size_t kPatternBytesMax = 4096;
constexpr int64_t kMemoryMax = 1 << 20;

}  // namespace

Result<TopicPattern> TopicPattern::compile(const std::string& pattern) {
  if (pattern.size() > kPatternBytesMax) {
    return Error{Errc::kInvalidArgument, "it has " + std::to_string(pattern.size()) + " bytes, and " +
                                             std::to_string(kPatternBytesMax) + " is the most"};
  }
  re2::RE2::Options options;
  options.set_log_errors(false);
  options.set_max_mem(kMemoryMax);
  auto compiled = std::make_shared<const re2::RE2>(pattern, options);
  if (!compiled->ok()) return Error{Errc::kInvalidArgument, compiled->error()};
  TopicPattern out;
  out.compiled_ = std::move(compiled);
  return out;
}

bool TopicPattern::matches(const std::string& topic) const {
  return re2::RE2::FullMatch(topic, *compiled_);
}

}  // namespace leat
