#include "protocol/produce.h"

#include "broker/api/api.h"
#include "broker/api/produce_check.h"
#include "broker/catalog/internal_topics.h"
#include "broker/transaction/transactions.h"

namespace leat::api {
namespace {

// One produce request, until everything that it wrote is durable.
class Producing : public std::enable_shared_from_this<Producing> {
 public:
  Producing(Broker& broker, Call call, Respond<protocol::Produce> respond, bool wants_response)
      : broker_(broker), call_(std::move(call)), respond_(std::move(respond)), wants_response_(wants_response) {}

  void run(const protocol::ProduceRequest& request) {
    // Results keep their places: what is durable later writes into them.
    response_.responses.resize(request.topic_data.size());
    for (size_t i = 0; i < request.topic_data.size(); ++i) {
      const auto& topic = request.topic_data[i];
      auto& out = response_.responses[i];
      out.topic_id = topic.topic_id;
      out.name = topic.name;
      const TopicInfo* info = by_id() ? broker_.state().topic(topic.topic_id) : broker_.state().topic(topic.name);
      out.partition_responses.resize(topic.partition_data.size());
      for (size_t j = 0; j < topic.partition_data.size(); ++j) {
        protocol::ProduceResponse::Response::PartitionResponse& result = out.partition_responses[j];
        result.index = topic.partition_data[j].index;
        result.base_offset = -1;
        write(info, topic.partition_data[j], result);
      }
    }
    one_done();
  }

 private:
  bool by_id() const { return call_.version >= 13; }

  void write(const TopicInfo* topic, const protocol::ProduceRequest::TopicData::PartitionData& data,
             protocol::ProduceResponse::Response::PartitionResponse& result) {
    auto refuse = [&](ErrorCode error, const std::string& message = "") {
      result.error_code = code(error);
      if (!message.empty()) result.error_message = message;
    };
    if (topic == nullptr) return refuse(by_id() ? ErrorCode::kUnknownTopicId : ErrorCode::kUnknownTopicOrPartition);
    if (is_internal_topic(topic->name)) return refuse(ErrorCode::kInvalidTopicException, "it is the broker's own");
    auto partition = broker_.partition(topic->name, data.index);
    if (!partition) return refuse(error_of(partition.error()), partition.error().message);
    if (*partition == nullptr) return refuse(ErrorCode::kUnknownTopicOrPartition);
    std::span<char> batch = mutable_bytes(data.records ? data.records->bytes : BytesView());
    BatchCheck checked = check_batch(broker_, **partition, batch, call_.version);
    for (int32_t index : checked.bad_records) result.record_errors.push_back({index, std::nullopt});
    if (checked.error != ErrorCode::kNone) return refuse(checked.error, checked.message);
    result.log_start_offset = (*partition)->start().value;
    if (checked.transactional) {
      ErrorCode error = join_transaction(*checked.transactional, {topic->name, PartitionId{data.index}}, result);
      if (error != ErrorCode::kNone) return refuse(error);
    }
    Offset end;
    if (checked.duplicate) {
      result.base_offset = checked.duplicate->first.value;
      end = Offset{checked.duplicate->last.value + 1};
    } else {
      auto base = (*partition)->append(batch);
      if (!base) return refuse(ErrorCode::kKafkaStorageError, base.error().message);
      result.base_offset = base->value;
      result.log_append_time_ms = checked.append_time_ms;
      end = (*partition)->log().end();
    }
    ++waiting_;
    (*partition)->when_durable(end, [self = shared_from_this(), &result](const Status& outcome) {
      if (!outcome) {
        result.error_code = code(error_of(outcome.error()));
        result.base_offset = -1;
      }
      self->one_done();
    });
  }

  // The batch is acknowledged when it is also durable that its transaction reaches the partition.
  ErrorCode join_transaction(const ProducerIdentity& producer, TopicPartition partition,
                             protocol::ProduceResponse::Response::PartitionResponse& result) {
    constexpr int16_t kKnowsAbortable = 11, kAddsPartitions = 12;
    TransactionWrite write{std::move(partition), producer, call_.version >= kAddsPartitions,
                           call_.version >= kKnowsAbortable};
    ++waiting_;
    ErrorCode error = broker_.transactions().write(write, [self = shared_from_this(), &result](ErrorCode added) {
      if (added != ErrorCode::kNone) result.error_code = code(added);
      self->one_done();
    });
    if (error != ErrorCode::kNone) --waiting_;
    return error;
  }

  // The request's frame is ours alone, and the offset is put into the batch where it stands.
  std::span<char> mutable_bytes(BytesView bytes) const { return {const_cast<char*>(bytes.data()), bytes.size()}; }

  void one_done() {
    if (--waiting_ > 0) return;
    if (wants_response_) {
      respond_(response_);
    } else {
      respond_.with_nothing();
    }
  }

  Broker& broker_;
  Call call_;
  Respond<protocol::Produce> respond_;
  bool wants_response_;
  protocol::ProduceResponse response_;
  size_t waiting_ = 1;
};

}  // namespace

void serve_produce(Service& service, Broker& broker) {
  // Advertised from version 0 on, and refused below 3, as by Kafka: librdkafka compresses only for a broker whose range
  // holds 0 (KAFKA-18659).
  service.serve<protocol::Produce>(
      3, 13,
      [&broker](Call call, const protocol::ProduceRequest& request, auto respond) {
        bool wants_response = request.acks != 0;
        std::make_shared<Producing>(broker, std::move(call), std::move(respond), wants_response)->run(request);
      },
      int16_t{0});
}

}  // namespace leat::api
