#include "test/broker_sim/fetched.h"

#include <algorithm>
#include <set>

#include "log/record_reader.h"

namespace leat::sim {
namespace {

// The aborted transactions of a response, in order of their first offsets: as KafkaConsumer keeps them.
class Aborted {
 public:
  explicit Aborted(const protocol::FetchResponse::Response::Partition& result) {
    if (result.aborted_transactions) {
      for (const auto& each : *result.aborted_transactions) coming_.emplace(each.first_offset, each.producer_id);
    }
  }
  bool hides(const RecordBatchView& batch) {
    while (!coming_.empty() && coming_.begin()->first <= batch.last_offset().value) {
      open_.insert(coming_.begin()->second);
      coming_.erase(coming_.begin());
    }
    int64_t producer = batch.stamp().producer_id;
    if (batch.is_control()) {
      if (*read_marker(batch) == MarkerType::kAbort) open_.erase(producer);
      return true;
    }
    return batch.is_transactional() && open_.contains(producer);
  }

 private:
  std::multimap<int64_t, int64_t> coming_;
  std::set<int64_t> open_;
};

}  // namespace

protocol::FetchRequest fetch_request(int32_t partition, int64_t from, bool committed) {
  protocol::FetchRequest request;
  request.isolation_level = committed ? 1 : 0;
  request.topics.push_back({});
  request.topics[0].topic = kTopic;
  auto& asked = request.topics[0].partitions.emplace_back();
  asked.partition = partition;
  asked.fetch_offset = from;
  asked.partition_max_bytes = 1 << 20;
  return request;
}

void take_fetched(const protocol::FetchResponse::Response::Partition& result, bool committed, int64_t& position,
                  std::vector<Seen>& seen) {
  Aborted aborted(result);
  BytesView bytes = result.records->bytes;
  while (bytes.size() >= RecordBatchView::kPrefixBytes) {
    auto size = RecordBatchView::size_of(bytes.substr(0, RecordBatchView::kPrefixBytes));
    if (!size || *size > bytes.size()) return;  // Cut off: the next poll brings it.
    auto batch = *RecordBatchView::parse(bytes.substr(0, *size));
    bytes.remove_prefix(*size);
    bool hidden = committed ? aborted.hides(batch) : batch.is_control();
    auto records = *RecordReader::open(batch);
    RecordView record;
    while (!hidden && *records.next(record)) {
      if (record.offset.value >= position) seen.push_back({record.offset.value, std::string(*record.value)});
    }
    position = std::max(position, batch.next_offset().value);
  }
}

}  // namespace leat::sim
