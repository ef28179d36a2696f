#include "explain/consumer_protocol.h"

#include <algorithm>
#include <charconv>

#include "protocol/decoder.h"
#include "protocol/encoder.h"

namespace leat {
namespace {

struct TopicPartitions {
  std::string topic;
  std::vector<int32_t> partitions;
};

PartitionSets take_partitions(Decoder& in) {
  std::vector<TopicPartitions> all;
  in.array(all, [&in](TopicPartitions& each) {
    in(each.topic);
    in(each.partitions);
  });
  PartitionSets out;
  for (TopicPartitions& each : all) {
    auto& partitions = out[each.topic];
    partitions.insert(partitions.end(), each.partitions.begin(), each.partitions.end());
  }
  for (auto& [topic, partitions] : out) std::sort(partitions.begin(), partitions.end());
  return out;
}

}  // namespace

Result<ConsumerSubscription> decode_subscription(BytesView bytes) {
  Decoder in(bytes, false);
  ConsumerSubscription out;
  std::optional<BytesView> user_data;
  in(out.version);
  in(out.topics);
  in(user_data);
  if (out.version >= 1) out.owned = take_partitions(in);
  if (out.version >= 2) in(out.generation);
  if (out.version >= 3) {
    std::optional<std::string> rack;
    in(rack);
    out.rack = rack.value_or("");
  }
  TRY(in.status());
  std::sort(out.topics.begin(), out.topics.end());
  return out;
}

Result<PartitionSets> decode_assignment(BytesView bytes) {
  Decoder in(bytes, false);
  int16_t version = 0;
  in(version);
  PartitionSets out = take_partitions(in);
  TRY(in.status());
  return out;
}

Bytes encode_assignment(const PartitionSets& partitions, int16_t version) {
  Bytes out;
  Encoder into(out, false);
  into(version);
  into(static_cast<int32_t>(partitions.size()));
  for (const auto& [topic, indexes] : partitions) {
    into(topic);
    into(indexes);
  }
  into(std::optional<BytesView>());  // No user data.
  return out;
}

bool has_user_data(BytesView assignment) {
  Decoder in(assignment, false);
  int16_t version = 0;
  std::optional<BytesView> user_data;
  in(version);
  take_partitions(in);
  in(user_data);
  return in.status() && user_data && !user_data->empty();
}

std::string ranges_text(const std::vector<int32_t>& ascending) {
  std::string out;
  for (size_t i = 0; i < ascending.size();) {
    size_t last = i;
    while (last + 1 < ascending.size() && ascending[last + 1] == ascending[last] + 1) ++last;
    if (!out.empty()) out += ',';
    out += std::to_string(ascending[i]);
    if (last > i) out += "-" + std::to_string(ascending[last]);
    i = last + 1;
  }
  return out;
}

std::vector<int32_t> parse_ranges(const std::string& text, size_t count_max) {
  std::vector<int32_t> out;
  const char *at = text.data(), *end = text.data() + text.size();
  while (at < end) {
    int32_t first = 0;
    auto read = std::from_chars(at, end, first);
    if (read.ec != std::errc() || first < 0) break;
    at = read.ptr;
    int32_t last = first;
    if (at < end && *at == '-') {
      read = std::from_chars(at + 1, end, last);
      if (read.ec != std::errc() || last < first) break;
      at = read.ptr;
    }
    if (static_cast<size_t>(last - first) >= count_max - std::min(count_max, out.size())) break;
    for (int32_t each = first; each < last; ++each) out.push_back(each);
    out.push_back(last);
    if (at < end && *at != ',') break;
    ++at;
  }
  return out;
}

}  // namespace leat
