#include "protocol/share_fetch.h"

#include <algorithm>

#include "broker/api/share_acks.h"
#include "broker/api/share_read.h"

namespace leat::api {
namespace {

using Key = std::pair<Uuid, int32_t>;

constexpr size_t kPartitionsMax = 100'000;  // Of a session.
constexpr int8_t kNoMoreThanAsked = 1;      // A mode of acquiring (KIP-1206).

// One request: its acknowledgements are made durable, then it is answered at once if there is anything to give out;
// else when there is, or its time is over.
class ShareFetching : public std::enable_shared_from_this<ShareFetching> {
 public:
  ShareFetching(Broker& broker, protocol::ShareFetchRequest request, Respond<protocol::ShareFetch> respond)
      : broker_(broker), request_(std::move(request)), respond_(std::move(respond)) {}
  ~ShareFetching() { unwatch(); }

  void run(const Call& call) {
    ErrorCode refused = check_share_request(broker_, request_);
    bool opens = request_.share_session_epoch == ShareGroups::kOpens;
    if (refused == ErrorCode::kNone && opens && has_acks()) refused = ErrorCode::kInvalidRequest;
    if (refused == ErrorCode::kNone) {
      refused = shares().enter(call, group(), member(), request_.share_session_epoch, true);
    }
    if (refused != ErrorCode::kNone) return refuse(refused);
    follow_session();
    std::vector<BrokerEvent> events = acknowledge();
    if (events.empty()) return serve();
    broker_.record(std::move(events), [self = shared_from_this()](const Status& outcome) {
      if (!outcome) return self->refuse(ErrorCode::kCoordinatorNotAvailable);
      self->shares().poke(self->group());
      self->serve();
    });
  }

 private:
  ShareGroups& shares() { return broker_.groups().shares(); }
  const std::string& group() const { return *request_.group_id; }
  const std::string& member() const { return *request_.member_id; }
  bool closes() const { return request_.share_session_epoch == ShareGroups::kCloses; }

  bool has_acks() const {
    return std::any_of(request_.topics.begin(), request_.topics.end(), [](const auto& topic) {
      return std::any_of(topic.partitions.begin(), topic.partitions.end(),
                         [](const auto& partition) { return !partition.acknowledgement_batches.empty(); });
    });
  }

  void refuse(ErrorCode error) {
    protocol::ShareFetchResponse response;
    response.error_code = code(error);
    respond_(response);
  }

  // The partitions that are listed join those of the session; those that are forgotten leave it.
  void follow_session() {
    auto& partitions = shares().session(group(), member())->partitions;
    for (const auto& topic : request_.topics) {
      for (const auto& partition : topic.partitions) {
        if (partitions.size() < kPartitionsMax) partitions.insert({topic.topic_id, partition.partition_index});
      }
    }
    for (const auto& topic : request_.forgotten_topics_data) {
      for (int32_t index : topic.partitions) partitions.erase({topic.topic_id, index});
    }
  }

  std::vector<BrokerEvent> acknowledge() {
    std::vector<BrokerEvent> events;
    for (const auto& topic : request_.topics) {
      for (const auto& partition : topic.partitions) {
        if (partition.acknowledgement_batches.empty()) continue;
        acknowledged_[{topic.topic_id, partition.partition_index}] =
            take_acks(broker_, group(), member(), topic.topic_id, partition, events);
      }
    }
    return events;
  }

  void serve() {
    if (closes()) {
      shares().close(group(), member());
      return answer({});
    }
    bool only_acks = request_.is_renew_ack || request_.max_records <= 0;
    if (only_acks || request_.max_wait_ms <= 0 || !acknowledged_.empty()) return try_to_answer(true);
    if (try_to_answer(false); answered_) return;
    watch();
    timer_ = broker_.loop().after(request_.max_wait_ms, [self = shared_from_this()] { self->try_to_answer(true); });
  }

  // `anyhow`: even if there is nothing.
  void try_to_answer(bool anyhow) {
    if (answered_) return;
    auto self = shared_from_this();  // A watch or the timer may be the last that knows this.
    std::map<Key, protocol::ShareFetchResponse::Response::Partition> results;
    const auto* session = shares().session(group(), member());
    bool reads = session != nullptr && !request_.is_renew_ack;
    bool found = reads && collect(session->partitions, results);
    if (!found && !anyhow && session != nullptr) return;
    unwatch();
    timer_.reset();
    answer(std::move(results));
  }

  // True: there is something to tell.
  bool collect(const ShareGroups::Partitions& partitions,
               std::map<Key, protocol::ShareFetchResponse::Response::Partition>& results) {
    copies_.clear();
    auto bytes_left =
        static_cast<uint64_t>(std::clamp<int64_t>(request_.max_bytes, 0, broker_.settings().fetch_bytes_max));
    int64_t records_left = request_.max_records;
    for (const auto& [id, index] : partitions) {
      if (records_left <= 0 || bytes_left == 0) break;
      const TopicInfo* topic = broker_.state().topic(id);
      protocol::ShareFetchResponse::Response::Partition result;
      ErrorCode error = topic == nullptr ? ErrorCode::kUnknownTopicId : ErrorCode::kNone;
      if (topic != nullptr && (index < 0 || index >= topic->partitions)) error = ErrorCode::kUnknownTopicOrPartition;
      ShareGiven given;
      if (error == ErrorCode::kNone) {
        TopicPartition name{topic->name, PartitionId{index}};
        if (!results.empty() && begins(name)) continue;
        ShareReading ask{group(),    member(),     name,
                         bytes_left, records_left, request_.share_acquire_mode == kNoMoreThanAsked};
        error = share_read(broker_, ask, given, copies_);
      }
      if (error == ErrorCode::kNone && given.ranges.empty()) continue;
      result.error_code = code(error);
      bytes_left -= std::min<uint64_t>(bytes_left, given.records.size());
      records_left -= given.count;
      result.records = std::move(given.records);
      for (const ShareRange& range : given.ranges) {
        result.acquired_records.push_back({range.first, range.last, range.deliveries});
      }
      results[{id, index}] = std::move(result);
    }
    return !results.empty();
  }

  // True: the group was new to the partition, and has begun in it. A fetch that has records already is given none of
  // such a partition yet, so members that come at the same time share the partitions from the start, as they do in
  // Kafka, which loads them one after another.
  bool begins(const TopicPartition& name) {
    if (broker_.state().share_progress(group(), name) != nullptr) return false;
    return bool(shares().progress(group(), name));
  }

  void answer(std::map<Key, protocol::ShareFetchResponse::Response::Partition> results) {
    answered_ = true;
    for (const auto& [key, error] : acknowledged_) results[key].acknowledge_error_code = code(error);
    protocol::ShareFetchResponse response;
    response.acquisition_lock_timeout_ms = static_cast<int32_t>(shares().lock_ms(group()));
    for (auto& [key, result] : results) {
      if (response.responses.empty() || response.responses.back().topic_id != key.first) {
        response.responses.emplace_back().topic_id = key.first;
      }
      result.partition_index = key.second;
      result.current_leader = {broker_.settings().node_id, broker_.state().epoch()};
      response.responses.back().partitions.push_back(std::move(result));
    }
    respond_(response);
  }

  void watch() {
    auto again = [weak = weak_from_this()] {
      if (auto self = weak.lock()) self->try_to_answer(false);
    };
    share_watch_ = shares().watch(group(), again);
    for (const auto& [id, index] : shares().session(group(), member())->partitions) {
      const TopicInfo* topic = broker_.state().topic(id);
      if (topic == nullptr) continue;
      auto partition = broker_.partition(topic->name, index);
      if (partition && *partition != nullptr) watched_.emplace_back(*partition, (*partition)->watch(again));
    }
  }
  void unwatch() {
    if (share_watch_) shares().unwatch(group(), *std::exchange(share_watch_, std::nullopt));
    for (auto& [partition, id] : watched_) partition->unwatch(id);
    watched_.clear();
  }

  Broker& broker_;
  protocol::ShareFetchRequest request_;
  Respond<protocol::ShareFetch> respond_;
  std::map<Key, ErrorCode> acknowledged_;
  std::optional<uint64_t> share_watch_;
  std::vector<std::pair<std::shared_ptr<Partition>, uint64_t>> watched_;
  std::vector<std::unique_ptr<Bytes>> copies_;  // Of what has no descriptor: a simulated disk's.
  std::unique_ptr<Loop::Timer> timer_;
  bool answered_ = false;
};

}  // namespace

void serve_share_fetch(Service& service, Broker& broker) {
  service.serve<protocol::ShareFetch>(
      1, 2, [&broker](const Call& call, protocol::ShareFetchRequest request, auto respond) {
        std::make_shared<ShareFetching>(broker, std::move(request), std::move(respond))->run(call);
      });
}

}  // namespace leat::api
