#include "client/partition_reader.h"

#include <algorithm>

#include "log/record_reader.h"
#include "protocol/fetch.h"
#include "topic/copy_record.h"

namespace leat::client {
namespace {

using protocol::Fetch;

constexpr int32_t kFetchBytes = 4 << 20;  // A batch that is larger comes whole all the same.

// Of sessions there are none (KIP-227): each request says everything.
Fetch::Request make_request(const TopicInfo& topic, const TopicPartition& partition, Offset from, Isolation isolation,
                            int64_t wait_ms) {
  Fetch::Request request;
  request.max_wait_ms = static_cast<int32_t>(wait_ms);
  request.min_bytes = 1;
  request.max_bytes = kFetchBytes;
  request.isolation_level = static_cast<int8_t>(isolation);
  auto& into = request.topics.emplace_back();
  into.topic = topic.name;
  into.topic_id = topic.id;
  auto& one = into.partitions.emplace_back();
  one.partition = partition.partition.value;
  one.fetch_offset = from.value;
  one.partition_max_bytes = kFetchBytes;
  return request;
}

int16_t error_of(const Fetch::Response& response) {
  if (response.error_code != 0 || response.responses.empty()) return response.error_code;
  const auto& partitions = response.responses[0].partitions;
  return partitions.empty() ? int16_t{0} : partitions[0].error_code;
}

}  // namespace

Result<std::vector<ConsumedRecord>> PartitionReader::poll(int64_t wait_ms) {
  if (taken_ == fetched_.size()) TRY(fetch(wait_ms));
  std::vector<ConsumedRecord> out;
  while (out.empty() && taken_ < fetched_.size()) {
    BytesView rest = BytesView(fetched_).substr(taken_);
    if (rest.size() < RecordBatchView::kPrefixBytes) break;
    TRY_ASSIGN(size_t size, RecordBatchView::size_of(rest));
    if (size > rest.size()) break;  // A broker may cut the last one off.
    TRY_ASSIGN(RecordBatchView batch, RecordBatchView::parse(rest));
    TRY_ASSIGN(out, take_batch(batch));
    taken_ += size;
  }
  if (out.empty()) taken_ = fetched_.size();
  return out;
}

Status PartitionReader::fetch(int64_t wait_ms) {
  TRY_ASSIGN(TopicInfo topic, cluster_.topic(partition_.topic));
  auto request = make_request(topic, partition_, next_, isolation_, wait_ms);
  TRY_ASSIGN(auto answer, cluster_.at_leader<Fetch>(partition_, request, error_of));
  std::string what = "Fetch of '" + partition_.topic + "' partition " + std::to_string(partition_.partition.value);
  TRY(kafka_status(what, error_of(*answer)));
  if (answer->responses.size() != 1 || answer->responses[0].partitions.size() != 1) {
    return Error{Errc::kCorruption, what + ": the answer is not about one partition"};
  }
  const auto& got = answer->responses[0].partitions[0];
  end_ = {isolation_ == Isolation::kReadCommitted ? got.last_stable_offset : got.high_watermark};
  fetched_ = got.records ? Bytes(got.records->bytes) : Bytes();
  taken_ = 0;
  to_abort_.clear();
  aborting_.clear();
  if (!got.aborted_transactions) return {};
  for (const auto& each : *got.aborted_transactions) to_abort_.push_back(Aborted{each.producer_id, each.first_offset});
  std::sort(to_abort_.begin(), to_abort_.end(),
            [](const Aborted& a, const Aborted& b) { return a.first_offset < b.first_offset; });
  return {};
}

// Whether what stands in the batch was taken back. Keeps the account of the transactions that the offset is in.
bool PartitionReader::is_aborted(const RecordBatchView& batch) {
  if (isolation_ == Isolation::kReadUncommitted || !batch.is_transactional()) return false;
  while (!to_abort_.empty() && to_abort_.front().first_offset <= batch.last_offset().value) {
    aborting_.insert(to_abort_.front().producer_id);
    to_abort_.pop_front();
  }
  return aborting_.contains(batch.stamp().producer_id);
}

Result<std::vector<ConsumedRecord>> PartitionReader::take_batch(const RecordBatchView& batch) {
  std::vector<ConsumedRecord> out;
  bool skipped = is_aborted(batch);
  if (batch.is_control()) {
    aborting_.erase(batch.stamp().producer_id);  // Whatever the marker says, the transaction ends here.
  } else if (!skipped) {
    TRY_ASSIGN(auto reader, RecordReader::open(batch));
    RecordView record;
    while (true) {
      TRY_ASSIGN(bool more, reader.next(record));
      if (!more) break;
      if (record.offset >= next_) out.push_back(copy_record(record));  // A batch comes whole.
    }
  }
  next_ = std::max(next_, batch.next_offset());
  return out;
}

}  // namespace leat::client
