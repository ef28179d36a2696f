#include "broker/catalog/topic_config.h"

#include <algorithm>
#include <charconv>
#include <vector>

#include "base/check.h"
#include "base/units.h"

namespace leat {
namespace {

using enum ConfigType;

constexpr KnownTopicConfig kKnown[] = {
    {"cleanup.policy", kList, "delete", "delete|compact", "whether old segments are deleted, compacted, or both"},
    {"compression.type", kString, "producer", "producer|uncompressed|gzip|snappy|lz4|zstd",
     "accepted; batches are stored as they came"},
    {"compression.gzip.level", kInt, "-1", "-1..9", "accepted, without effect"},
    {"compression.lz4.level", kInt, "9", "1..17", "accepted, without effect"},
    {"compression.zstd.level", kInt, "3", "-131072..22", "accepted, without effect"},
    {"delete.retention.ms", kLong, "86400000", "0..", "how long compaction keeps tombstones"},
    {"file.delete.delay.ms", kLong, "60000", "0..", "accepted, without effect: open readers keep their files"},
    {"flush.messages", kLong, "9223372036854775807", "1..", "accepted: every append is synced"},
    {"flush.ms", kLong, "9223372036854775807", "0..", "accepted: every append is synced"},
    {"follower.replication.throttled.replicas", kList, "", "", "accepted: there is one broker"},
    {"index.interval.bytes", kInt, "4096", "0..", "accepted: the index has an entry in about 4 KiB"},
    {"leader.replication.throttled.replicas", kList, "", "", "accepted: there is one broker"},
    {"local.retention.bytes", kLong, "-2", "-2..", "accepted: there is no remote storage"},
    {"local.retention.ms", kLong, "-2", "-2..", "accepted: there is no remote storage"},
    {"max.compaction.lag.ms", kLong, "9223372036854775807", "1..", "how long a record may stay uncompacted"},
    {"max.message.bytes", kInt, "1048588", "0..", "the largest record batch"},
    {"message.timestamp.after.max.ms", kLong, "3600000", "0..", "how far ahead of the clock a timestamp may be"},
    {"message.timestamp.before.max.ms", kLong, "9223372036854775807", "0..", "how far behind it may be"},
    {"message.timestamp.type", kString, "CreateTime", "CreateTime|LogAppendTime", "whose clock gives the timestamp"},
    {"min.cleanable.dirty.ratio", kDouble, "0.5", "", "how much of a log must be uncompacted for it to be compacted"},
    {"min.compaction.lag.ms", kLong, "0", "0..", "how long a record stays uncompacted at least"},
    {"min.insync.replicas", kInt, "1", "1..", "accepted: there is one replica, and it is synced"},
    {"preallocate", kBoolean, "false", "", "accepted, without effect"},
    {"remote.log.copy.disable", kBoolean, "false", "", "accepted: there is no remote storage"},
    {"remote.log.delete.on.disable", kBoolean, "false", "", "accepted: there is no remote storage"},
    {"remote.storage.enable", kBoolean, "false", "false", "there is no remote storage"},
    {"retention.bytes", kLong, "-1", "-1..", "how large a partition may grow; -1: without limit"},
    {"retention.ms", kLong, "604800000", "-1..", "how long records are kept; -1: for ever"},
    {"segment.bytes", kInt, "1073741824", "1048576..", "how large one file of a partition grows"},
    {"segment.index.bytes", kInt, "10485760", "4..", "accepted, without effect"},
    {"segment.jitter.ms", kLong, "0", "0..", "accepted, without effect"},
    {"segment.ms", kLong, "604800000", "1..", "how long one file of a partition grows"},
    {"unclean.leader.election.enable", kBoolean, "false", "", "accepted: there is one broker"},
};

bool is_choice(std::string_view allowed, std::string_view value) {
  while (!allowed.empty()) {
    size_t bar = allowed.find('|');
    if (allowed.substr(0, bar) == value) return true;
    allowed = bar == std::string_view::npos ? std::string_view() : allowed.substr(bar + 1);
  }
  return false;
}

bool is_within(std::string_view allowed, int64_t number) {
  size_t dots = allowed.find("..");
  if (dots == std::string_view::npos) return true;
  int64_t limit = 0;
  std::from_chars(allowed.data(), allowed.data() + dots, limit);
  if (number < limit) return false;
  std::string_view high = allowed.substr(dots + 2);
  if (high.empty()) return true;
  std::from_chars(high.data(), high.data() + high.size(), limit);
  return number <= limit;
}

template <class T>
bool parse_number(const std::string& text, T& out) {
  auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), out);
  return error == std::errc() && end == text.data() + text.size();
}

bool takes(const KnownTopicConfig& known, const std::string& value) {
  int64_t whole = 0;
  double fraction = 0;
  switch (known.type) {
    case kBoolean:
      return (value == "true" || value == "false") && (*known.allowed == '\0' || value == known.allowed);
    case kInt:
      return parse_number(value, whole) && whole == static_cast<int32_t>(whole) && is_within(known.allowed, whole);
    case kShort:
    case kLong:
      return parse_number(value, whole) && is_within(known.allowed, whole);
    case kDouble:
      return parse_number(value, fraction) && fraction >= 0 && fraction <= 1;
    case kString:
      return is_choice(known.allowed, value);
    case kList:
      break;
  }
  if (*known.allowed == '\0') return true;
  for (size_t from = 0; from <= value.size();) {
    size_t comma = std::min(value.find(',', from), value.size());
    if (!is_choice(known.allowed, std::string_view(value).substr(from, comma - from))) return false;
    from = comma + 1;
  }
  return true;
}

}  // namespace

std::span<const KnownTopicConfig> known_topic_configs() {
  return kKnown;
}

const KnownTopicConfig* find_topic_config(const std::string& name) {
  auto found =
      std::find_if(std::begin(kKnown), std::end(kKnown), [&](const auto& known) { return name == known.name; });
  return found == std::end(kKnown) ? nullptr : found;
}

Status check_topic_config(const std::string& name, const std::string& value) {
  const KnownTopicConfig* known = find_topic_config(name);
  if (known == nullptr) {
    std::vector<std::string> names;
    for (const auto& each : kKnown) names.emplace_back(each.name);
    return Error{Errc::kInvalidArgument, "unknown topic setting '" + name + "'" + did_you_mean(name, names)};
  }
  if (takes(*known, value)) return {};
  std::string expected = *known->allowed == '\0' ? "" : ": expected " + std::string(known->allowed);
  return Error{Errc::kInvalidArgument, "topic setting '" + name + "' does not take '" + value + "'" + expected};
}

std::string TopicConfigs::get(const std::string& name) const {
  const KnownTopicConfig* known = find_topic_config(name);
  CHECK(known != nullptr);
  auto found = set.find(name);
  return found == set.end() ? known->fallback : found->second;
}

int64_t TopicConfigs::number(const std::string& name) const {
  int64_t out = 0;
  CHECK(parse_number(get(name), out));
  return out;
}

bool TopicConfigs::compacts() const {
  return get("cleanup.policy").find("compact") != std::string::npos;
}

bool TopicConfigs::deletes() const {
  return get("cleanup.policy").find("delete") != std::string::npos;
}

}  // namespace leat
