#include "protocol/write_txn_markers.h"

#include "broker/api/api.h"
#include "broker/transaction/transactions.h"

namespace leat::api {
namespace {

// One request, until every marker that it asks for is durable. Tools end a hanging transaction with it.
class Writing : public std::enable_shared_from_this<Writing> {
 public:
  Writing(Broker& broker, Respond<protocol::WriteTxnMarkers> respond) : broker_(broker), respond_(std::move(respond)) {}

  void run(const protocol::WriteTxnMarkersRequest& request) {
    // Results keep their places: what is durable later writes into them.
    response_.markers.resize(request.markers.size());
    for (size_t i = 0; i < request.markers.size(); ++i) {
      const auto& marker = request.markers[i];
      response_.markers[i].producer_id = marker.producer_id;
      response_.markers[i].topics.resize(marker.topics.size());
      for (size_t j = 0; j < marker.topics.size(); ++j) {
        auto& out = response_.markers[i].topics[j];
        out.name = marker.topics[j].name;
        for (int32_t index : marker.topics[j].partition_indexes) out.partitions.push_back({index, 0});
        for (protocol::WriteTxnMarkersResponse::Marker::Topic::Partition& result : out.partitions)
          write(marker, out.name, result);
      }
    }
    one_done();
  }

 private:
  void write(const protocol::WriteTxnMarkersRequest::Marker& marker, const std::string& topic,
             protocol::WriteTxnMarkersResponse::Marker::Topic::Partition& result) {
    auto partition = broker_.partition(topic, result.partition_index);
    if (!partition || *partition == nullptr) {
      result.error_code = code(partition ? ErrorCode::kUnknownTopicOrPartition : error_of(partition.error()));
      return;
    }
    const ProducerState* known = (*partition)->log().producers().find(marker.producer_id);
    if (known != nullptr && marker.producer_epoch < known->epoch) {
      result.error_code = code(ErrorCode::kInvalidProducerEpoch);
      return;
    }
    auto written = broker_.transactions().append_marker(**partition, {marker.producer_id, marker.producer_epoch},
                                                        marker.transaction_result);
    if (!written) {
      result.error_code = code(error_of(written.error()));
      return;
    }
    ++waiting_;
    (*partition)->when_durable({written->value + 1}, [self = shared_from_this(), &result](const Status& outcome) {
      if (!outcome) result.error_code = code(error_of(outcome.error()));
      self->one_done();
    });
  }

  void one_done() {
    if (--waiting_ == 0) respond_(response_);
  }

  Broker& broker_;
  Respond<protocol::WriteTxnMarkers> respond_;
  protocol::WriteTxnMarkersResponse response_;
  size_t waiting_ = 1;
};

}  // namespace

void serve_write_txn_markers(Service& service, Broker& broker) {
  service.serve<protocol::WriteTxnMarkers>(
      1, 2, [&broker](const Call&, const protocol::WriteTxnMarkersRequest& request, auto respond) {
        std::make_shared<Writing>(broker, std::move(respond))->run(request);
      });
}

}  // namespace leat::api
