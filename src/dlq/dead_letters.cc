#include "dlq/dead_letters.h"

#include <algorithm>
#include <tuple>

namespace leat {
namespace {

constexpr size_t kReadBytes = 1 << 20;

bool matches(const LetterFilter& filter, const StoredLetter& letter) {
  auto same = [](const std::string& wanted, const std::string& have) { return wanted.empty() || wanted == have; };
  return same(filter.job, letter.job) && same(filter.table, letter.table) &&
         same(filter.letter_class, letter.letter_class) && same(filter.reason, letter.reason);
}

// Whether to go on.
Result<bool> visit_partition(Topics& topics, const TopicPartition& partition, Offset from, const LetterFilter& filter,
                             const std::function<bool(const StoredLetter&)>& visit) {
  TRY_ASSIGN(auto consumer, topics.consumer(partition, from));
  while (true) {
    TRY_ASSIGN(auto records, consumer->poll(kReadBytes));
    if (records.empty()) return true;
    for (const ConsumedRecord& record : records) {
      StoredLetter letter = parse_letter(partition.topic, partition.partition.value, record);
      if (matches(filter, letter) && !visit(letter)) return false;
    }
  }
}

}  // namespace

Status visit_letters(Topics& topics, const LetterFilter& filter,
                     const std::function<bool(const StoredLetter&)>& visit) {
  // Table names do not take part: a record's header may say more than its topic does.
  std::string prefix = "dlq." + (filter.job.empty() ? std::string() : filter.job + ".");
  TRY_ASSIGN(auto names, topics.admin().list_topics());
  std::sort(names.begin(), names.end());
  for (const std::string& name : names) {
    if (!name.starts_with(prefix)) continue;
    TRY_ASSIGN(TopicDescription topic, topics.admin().describe_topic(name));
    for (size_t i = 0; i < topic.partitions.size(); ++i) {
      TopicPartition partition{name, PartitionId{static_cast<int32_t>(i)}};
      TRY_ASSIGN(bool more, visit_partition(topics, partition, topic.partitions[i].start, filter, visit));
      if (!more) return {};
    }
  }
  return {};
}

Result<std::optional<StoredLetter>> find_letter(Topics& topics, const std::string& id) {
  std::optional<StoredLetter> found;
  TRY(visit_letters(topics, {}, [&](const StoredLetter& letter) {
    if (letter.id == id) found = letter;
    return !found;
  }));
  return found;
}

Result<std::vector<LetterGroup>> group_letters(Topics& topics, const LetterFilter& filter) {
  using Key = std::tuple<std::string, std::string, std::string, std::string>;
  std::map<Key, LetterGroup> groups;
  TRY(visit_letters(topics, filter, [&](const StoredLetter& letter) {
    auto [place, added] = groups.try_emplace(Key{letter.job, letter.table, letter.letter_class, letter.reason});
    LetterGroup& group = place->second;
    if (added) {
      group = {letter.job, letter.table, letter.letter_class, letter.reason, 0, letter.first_failure, {}, letter.id};
    }
    ++group.count;
    group.first_failure = std::min(group.first_failure, letter.first_failure);
    group.last_failure = std::max(group.last_failure, letter.last_failure);
    return true;
  }));
  std::vector<LetterGroup> out;
  for (auto& [key, group] : groups) out.push_back(std::move(group));
  return out;
}

}  // namespace leat
