#pragma once
// PartitionReader: what one fetch request is given of one partition after the other.
#include "broker/broker.h"
#include "protocol/error_code.h"
#include "protocol/fetch.h"

namespace leat {

class PartitionReader {
 public:
  using Asked = protocol::FetchRequest::Topic::Partition;
  using Result = protocol::FetchResponse::Response::Partition;

  PartitionReader(Broker& broker, bool committed) : broker_(broker), committed_(committed) {}

  // Fills in what there is: at most about `bytes_left`. `first`: nothing was found yet, so that a batch is given
  // however large it is: the client must get on. What is put into `result` lives as long as this object.
  protocol::ErrorCode read(const TopicInfo&, const Asked&, bool first, uint64_t bytes_left, Result& result);

 private:
  protocol::ErrorCode read_records(Partition&, const Asked&, bool first, uint64_t bytes_left, Result&);
  protocol::ErrorCode take(Partition&, Offset from, Offset limit, const PartitionLog::Stretch&, Result&);

  Broker& broker_;
  bool committed_;
  std::vector<std::unique_ptr<Bytes>> copies_;  // Of what has no descriptor: a simulated disk's.
};

}  // namespace leat
