#include "server/reset_plan.h"

#include <algorithm>
#include <charconv>

#include "base/units.h"
#include "server/topic_source.h"

namespace leat {
namespace {

using TimedOffsets = std::map<TopicPartition, client::TimedOffset>;

Error wants(const std::string& word, const std::string& what) {
  return {Errc::kInvalidArgument, "--to " + word + " wants " + what};
}

Result<ResetTo> parse_offset(const std::string& text) {
  int64_t offset = 0;
  const char* end = text.data() + text.size();
  auto [stop, error] = std::from_chars(text.data(), end, offset);
  if (error != std::errc() || stop != end || offset < 0)
    return wants("offset", "a number from 0 up, not '" + text + "'");
  return ResetTo{ResetTo::kOffset, offset};
}

}  // namespace

Result<ResetTo> ResetTo::parse(const std::string& word, const std::optional<std::string>& value, WallTime now) {
  bool bare = word == "earliest" || word == "latest";
  if (bare && value) return wants(word, "nothing behind it, and got '" + *value + "'");
  if (bare) return ResetTo{word == "earliest" ? kEarliest : kLatest, 0};
  if (word == "offset") return value ? parse_offset(*value) : wants(word, "a number: --to offset 42");
  if (word == "timestamp") {
    if (!value) return wants(word, "a time in UTC: --to timestamp '2024-02-29 12:34'");
    TRY_ASSIGN(ReadFrom from, ReadFrom::parse(*value));
    if (from.kind != ReadFrom::kTime)
      return wants(word, "a time in UTC such as '2024-02-29 12:34', not '" + *value + "'");
    return ResetTo{kTime, from.value};
  }
  if (word == "duration") {
    if (!value) return wants(word, "how far back: --to duration '90 min'");
    TRY_ASSIGN(int64_t back_ms, parse_duration_ms(*value));
    return ResetTo{kTime, now.value - back_ms};
  }
  return Error{Errc::kInvalidArgument,
               "--to '" + word + "': expected earliest, latest, offset N, timestamp T or duration D"};
}

Result<std::map<TopicPartition, PartitionReset>> plan_reset(client::Cluster& cluster,
                                                            const client::GroupDescription& group,
                                                            const std::vector<std::string>& topics, const ResetTo& to) {
  std::set<TopicPartition> partitions;
  for (const std::string& name : topics) {
    TRY_ASSIGN(auto topic, cluster.topic(name));
    partitions.merge(client::partitions_of(topic));
  }
  TRY_ASSIGN(auto committed, client::committed_offsets(cluster, group.id));
  TRY_ASSIGN(TimedOffsets start, client::list_offsets(cluster, partitions, client::kEarliest));
  TRY_ASSIGN(TimedOffsets end, client::list_offsets(cluster, partitions, client::kLatest));
  TRY_ASSIGN(TimedOffsets oldest, client::list_offsets(cluster, partitions, 0));
  TimedOffsets at;
  if (to.kind == ResetTo::kTime) {
    TRY_ASSIGN(at, client::list_offsets(cluster, partitions, to.value));
  }
  std::map<TopicPartition, PartitionReset> out;
  for (const TopicPartition& each : partitions) {
    PartitionReset reset;
    if (committed.contains(each)) reset.from = committed[each].offset;
    reset.start = start[each].offset;
    reset.end = end[each].offset;
    if (oldest[each].offset.value >= 0) reset.kept_since = oldest[each].timestamp;
    Offset wanted = to.kind == ResetTo::kEarliest ? reset.start : reset.end;
    if (to.kind == ResetTo::kOffset) wanted = {to.value};
    if (to.kind == ResetTo::kTime && at[each].offset.value >= 0) wanted = at[each].offset;
    reset.to = std::clamp(wanted, reset.start, std::max(reset.start, reset.end));
    bool before_the_oldest =
        to.kind == ResetTo::kTime && reset.kept_since && to.value < reset.kept_since->value && reset.start.value > 0;
    reset.moved_into_range = reset.to != wanted || before_the_oldest;
    out[each] = reset;
  }
  return out;
}

}  // namespace leat
