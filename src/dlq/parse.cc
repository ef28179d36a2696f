// From a record in a dead-letter topic to what it says. Records of other programs give what they have.
#include <charconv>

#include "dlq/dead_letters.h"
#include "dlq/header_names.h"

namespace leat {
namespace {

constexpr std::string_view kPrefix = "dlq.";

std::optional<int64_t> parse_number(BytesView text) {
  int64_t value = 0;
  auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

class HeaderReader {
 public:
  explicit HeaderReader(const Record& record) : record_(record) {}

  // The last of a name is the newest.
  const Bytes* find(std::string_view name) const {
    for (auto header = record_.headers.rbegin(); header != record_.headers.rend(); ++header) {
      if (header->key == name) return &header->value;
    }
    return nullptr;
  }
  std::string text(std::string_view name, std::string fallback = {}) const {
    const Bytes* value = find(name);
    if (value != nullptr) return *value;
    return fallback;
  }
  std::optional<int64_t> number(std::string_view name) const {
    const Bytes* value = find(name);
    return value ? parse_number(*value) : std::nullopt;
  }
  int64_t number_or(std::string_view name, int64_t fallback) const { return number(name).value_or(fallback); }

 private:
  const Record& record_;
};

std::vector<std::pair<int64_t, int64_t>> parse_windows(BytesView text) {
  std::vector<std::pair<int64_t, int64_t>> out;
  while (!text.empty()) {
    BytesView window = text.substr(0, text.find(','));
    text.remove_prefix(std::min(text.size(), window.size() + 1));
    size_t slash = window.find('/');
    if (slash == BytesView::npos) continue;
    auto start = parse_number(window.substr(0, slash)), end = parse_number(window.substr(slash + 1));
    if (start && end) out.emplace_back(*start, *end);
  }
  return out;
}

// dlq.<job>.<table>: a job's name has no dot, a table's may.
std::pair<std::string, std::string> parse_topic(std::string_view topic) {
  if (!topic.starts_with(kPrefix)) return {};
  topic.remove_prefix(kPrefix.size());
  size_t dot = topic.find('.');
  if (dot == std::string_view::npos) return {std::string(topic), {}};
  return {std::string(topic.substr(0, dot)), std::string(topic.substr(dot + 1))};
}

}  // namespace

// What Kafka takes for a topic's name. Two tables may then share a topic: each letter's header has its table's name.
std::string dead_letter_topic(const std::string& job, const std::string& table) {
  constexpr size_t kNameBytesMax = 249;
  std::string out = std::string(kPrefix) + job + ".";
  for (char c : table) {
    bool allowed =
        (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-' || c == '.';
    out += allowed ? c : '_';
  }
  return out.substr(0, kNameBytesMax);
}

StoredLetter parse_letter(const std::string& topic, int32_t partition, const ConsumedRecord& consumed) {
  const Record& record = consumed.record;
  HeaderReader headers(record);
  auto [job, table] = parse_topic(topic);
  StoredLetter out;
  out.topic = topic;
  out.partition = partition;
  out.offset = consumed.offset;
  out.id =
      headers.text(dlq::kId, topic + "/" + std::to_string(partition) + "/" + std::to_string(consumed.offset.value));
  out.job = headers.text(dlq::kGroup, job);
  out.table = headers.text(dlq::kTopic, table);
  out.file = headers.text(dlq::kFile);
  out.line = static_cast<uint64_t>(headers.number_or(dlq::kLine, 0));
  out.position = static_cast<uint64_t>(headers.number_or(dlq::kOffset, 0));
  out.source_partition = static_cast<int32_t>(headers.number_or(dlq::kPartition, 0));
  out.letter_class = headers.text(dlq::kClass, "unknown");
  out.reason = headers.text(dlq::kReason, "unknown");
  out.message = headers.text(dlq::kMessage);
  out.exception = headers.text(dlq::kException);
  out.stack = headers.text(dlq::kStack);
  out.op = headers.text(dlq::kOperator);
  out.build = headers.text(dlq::kBuild);
  out.retries = headers.number_or(dlq::kDeliveryCount, 1) - 1;
  out.crashes = headers.number_or(dlq::kCrashes, 0);
  out.first_failure = WallTime{headers.number_or(dlq::kFirst, record.timestamp.value)};
  out.last_failure = WallTime{headers.number_or(dlq::kLast, record.timestamp.value)};
  out.event_time_ms = headers.number(dlq::kEventTime);
  out.watermark_ms = headers.number(dlq::kWatermark);
  out.late_ms = headers.number(dlq::kLate);
  out.partly = headers.text(dlq::kPartly) == "true";
  out.windows = parse_windows(headers.text(dlq::kWindow));
  out.record = record;
  return out;
}

}  // namespace leat
