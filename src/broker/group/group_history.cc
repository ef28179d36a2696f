#include "broker/group/group_history.h"

#include <algorithm>

#include "broker/broker.h"
#include "log/record_batch_builder.h"

namespace leat {
namespace {

constexpr size_t kHistoryBatchBytes = 256 * 1024;
constexpr size_t kRecordBytes = 128 * 1024;

TopicInfo history_topic(Broker& broker) {
  TopicInfo out;
  out.name = kHistoryTopic;
  out.id = broker.random_uuid();
  out.configs = {{"cleanup.policy", "delete"},
                 {"retention.ms", std::to_string(int64_t{7} * 24 * 3600 * 1000)},
                 {"retention.bytes", std::to_string(64 << 20)},
                 {"segment.bytes", std::to_string(8 << 20)}};
  return out;
}

}  // namespace

bool GroupHistory::allows(const std::string& group, HistoryRecord& record) {
  constexpr size_t kAllowancesMax = 10'000;
  if (allowances_.size() > kAllowancesMax) allowances_.clear();
  Allowance& allowance = allowances_[group];
  Instant now = broker_.monotonic();
  double seconds = static_cast<double>(now.value - allowance.at.value) / 1e9;
  allowance.left = std::min(kAtOnce, allowance.left + seconds * kPerSecond);
  allowance.at = now;
  if (allowance.left < 1 || waiting_.size() >= kWaitingMax) {
    ++allowance.dropped;
    return false;
  }
  allowance.left -= 1;
  if (int64_t dropped = std::exchange(allowance.dropped, 0); dropped > 0) {
    waiting_.push_back({group, record.at, encode_history({record.at, FactsDropped{dropped}})});
  }
  return true;
}

void GroupHistory::write(const std::string& group, HistoryRecord record) {
  if (!allows(group, record)) return;
  waiting_.push_back({group, record.at, encode_history(record, kRecordBytes)});
  flush_soon();
}

// Facts that come together share a batch.
void GroupHistory::flush_soon() {
  if (flush_is_due_ || making_topic_) return;
  flush_is_due_ = true;
  broker_.loop().post([this, alive = std::weak_ptr(alive_)] {
    if (alive.expired()) return;
    flush_is_due_ = false;
    flush();
  });
}

void GroupHistory::make_topic() {
  making_topic_ = true;
  broker_.decide(
      [made = history_topic(broker_)](const BrokerState& state, WallTime) -> Decision<BrokerEvent, Status> {
        if (state.topic(made.name) != nullptr) return {{}, {}};
        return {{broker_event::TopicChanged{made}}, {}};
      },
      [this, alive = std::weak_ptr(alive_)](const Status& made) {
        if (alive.expired()) return;
        making_topic_ = false;
        made ? flush_soon() : waiting_.clear();
      });
}

void GroupHistory::flush() {
  if (waiting_.empty()) return;
  if (broker_.state().topic(kHistoryTopic) == nullptr) return make_topic();
  auto partition = broker_.partition(kHistoryTopic, 0);
  auto records = std::exchange(waiting_, {});
  if (!partition || *partition == nullptr) return;
  RecordBatchBuilder builder;
  auto append = [&] {
    if (!builder.empty()) (void)(*partition)->append(builder.finish({}));
    builder.clear();
  };
  for (const Waiting& record : records) {
    if (builder.size_bytes() + record.json.size() > kHistoryBatchBytes) append();
    builder.add(record.at, BytesView(record.group), BytesView(record.json));
  }
  append();
}

}  // namespace leat
