#include "protocol/fetch.h"

#include "broker/api/api.h"

namespace leat::api {
namespace {

using Request = protocol::FetchRequest;
using Response = protocol::FetchResponse;
using Asked = Request::Topic::Partition;
using Result = Response::Response::Partition;

constexpr int8_t kReadCommitted = 1;

// One fetch request: answered at once if there is enough, or an error; else when there is, or its time is over.
class Fetching : public std::enable_shared_from_this<Fetching> {
 public:
  Fetching(Broker& broker, int16_t version, Request request, Respond<protocol::Fetch> respond)
      : broker_(broker), version_(version), request_(std::move(request)), respond_(std::move(respond)) {}
  ~Fetching() { unwatch(); }

  void run() {
    if (try_to_answer()) return;
    for (const auto& topic : request_.topics) {
      for (const Asked& asked : topic.partitions) watch(topic, asked);
    }
    timer_ = broker_.loop().after(request_.max_wait_ms, [self = shared_from_this()] { self->finish(); });
  }

 private:
  const TopicInfo* find(const Request::Topic& topic) const {
    return version_ >= 13 ? broker_.state().topic(topic.topic_id) : broker_.state().topic(topic.topic);
  }
  Offset limit_of(const Partition& partition) const {
    return request_.isolation_level == kReadCommitted ? partition.last_stable() : partition.high_watermark();
  }

  // Whether there is something that must not wait.
  bool try_to_answer() {
    Response response;
    uint64_t bytes = 0;
    bool failed = collect(response, bytes);
    if (!failed && bytes < static_cast<uint64_t>(std::max(request_.min_bytes, 0)) && request_.max_wait_ms > 0) {
      return false;
    }
    respond_(response);
    return true;
  }

  void finish() {
    if (answered_) return;
    answered_ = true;
    unwatch();
    auto running = std::shared_ptr<Loop::Timer>(std::move(timer_));
    broker_.loop().post([running] {});
    Response response;
    uint64_t bytes = 0;
    collect(response, bytes);
    respond_(response);
  }

  void watch(const Request::Topic& topic, const Asked& asked) {
    const TopicInfo* info = find(topic);
    auto partition = broker_.partition(info->name, asked.partition);
    if (!partition || *partition == nullptr) return;
    uint64_t id = (*partition)->watch([weak = weak_from_this()] {
      if (auto self = weak.lock()) self->something_came();
    });
    watched_.emplace_back(*partition, id);
  }
  void unwatch() {
    for (auto& [partition, id] : watched_) partition->unwatch(id);
    watched_.clear();
  }
  void something_came() {
    if (answered_) return;
    uint64_t bytes = 0;
    Response ignored;
    bool failed = collect(ignored, bytes);
    if (failed || bytes >= static_cast<uint64_t>(request_.min_bytes)) finish();
  }

  // Fills in what there is. True: some partition has an error, which the client must hear of now.
  bool collect(Response& response, uint64_t& bytes) {
    bool failed = false;
    auto left = static_cast<uint64_t>(std::clamp<int64_t>(request_.max_bytes, 0, broker_.settings().fetch_bytes_max));
    for (const auto& topic : request_.topics) {
      auto& out = response.responses.emplace_back();
      out.topic = topic.topic;
      out.topic_id = topic.topic_id;
      const TopicInfo* info = find(topic);
      for (const Asked& asked : topic.partitions) {
        Result& result = out.partitions.emplace_back();
        result.partition_index = asked.partition;
        result.high_watermark = -1;
        result.records.emplace();
        ErrorCode error = info == nullptr ? unknown_topic() : read(*info, asked, result, bytes == 0, left);
        result.error_code = code(error);
        failed |= error != ErrorCode::kNone;
        uint64_t size = result.records->size();
        bytes += size;
        left -= std::min(left, size);
      }
    }
    return failed;
  }
  ErrorCode unknown_topic() const {
    return version_ >= 13 ? ErrorCode::kUnknownTopicId : ErrorCode::kUnknownTopicOrPartition;
  }

  // `first`: nothing was found yet, so that a batch is given however large it is: the client must get on.
  ErrorCode read(const TopicInfo& topic, const Asked& asked, Result& result, bool first, uint64_t left) {
    auto opened = broker_.partition(topic.name, asked.partition);
    if (!opened) return error_of(opened.error());
    if (*opened == nullptr) return ErrorCode::kUnknownTopicOrPartition;
    Partition& partition = **opened;
    int32_t epoch = partition.leader_epoch();
    if (asked.current_leader_epoch >= 0 && asked.current_leader_epoch < epoch) return ErrorCode::kFencedLeaderEpoch;
    if (asked.current_leader_epoch > epoch) return ErrorCode::kUnknownLeaderEpoch;
    result.high_watermark = partition.high_watermark().value;
    result.last_stable_offset = partition.last_stable().value;
    result.log_start_offset = partition.start().value;
    Offset from{asked.fetch_offset};
    if (from < partition.start() || from > partition.high_watermark()) return ErrorCode::kOffsetOutOfRange;
    Offset limit = limit_of(partition);
    uint64_t size = std::min<uint64_t>(left, static_cast<uint64_t>(std::max(asked.partition_max_bytes, 0)));
    if (from >= limit || (!first && size == 0)) return ErrorCode::kNone;
    auto stretch = partition.log().stretch(from, limit, size);
    if (!stretch) return error_of(stretch.error());
    if (!*stretch || (!first && (*stretch)->size > left)) return ErrorCode::kNone;
    return take(partition, from, limit, **stretch, result);
  }

  ErrorCode take(Partition& partition, Offset from, Offset limit, const PartitionLog::Stretch& stretch,
                 Result& result) {
    auto file = stretch.segment->file();
    if (!file) return ErrorCode::kKafkaStorageError;
    if ((*file)->descriptor() >= 0) {
      result.records->file = {stretch.segment, (*file)->descriptor(), stretch.position, stretch.size};
    } else {
      auto& copy = copies_.emplace_back(std::make_unique<Bytes>(stretch.size, '\0'));
      auto read = (*file)->read_at(stretch.position, *copy);
      if (!read || *read != stretch.size) return ErrorCode::kKafkaStorageError;
      result.records->bytes = *copy;
    }
    if (request_.isolation_level != kReadCommitted) return ErrorCode::kNone;
    result.aborted_transactions.emplace();
    for (const AbortedTransaction& aborted : partition.log().transactions().aborted()) {
      if (aborted.last >= from && aborted.first < limit) {
        result.aborted_transactions->push_back({aborted.producer_id, aborted.first.value});
      }
    }
    return ErrorCode::kNone;
  }

  Broker& broker_;
  int16_t version_;
  Request request_;
  Respond<protocol::Fetch> respond_;
  std::vector<std::pair<std::shared_ptr<Partition>, uint64_t>> watched_;
  std::vector<std::unique_ptr<Bytes>> copies_;  // Of what has no descriptor: a simulated disk's.
  std::unique_ptr<Loop::Timer> timer_;
  bool answered_ = false;
};

}  // namespace

void serve_fetch(Service& service, Broker& broker) {
  service.serve<protocol::Fetch>(4, 17, [&broker](const Call& call, Request request, auto respond) {
    // Sessions (KIP-227) are not kept: a client is told so by session 0, and asks for everything each time.
    constexpr int32_t kNoSession = 0, kFinalEpoch = -1;
    if (request.session_id != kNoSession && request.session_epoch != kFinalEpoch) {
      Response response;
      response.error_code = code(ErrorCode::kFetchSessionIdNotFound);
      return respond(response);
    }
    std::make_shared<Fetching>(broker, call.version, std::move(request), std::move(respond))->run();
  });
}

}  // namespace leat::api
