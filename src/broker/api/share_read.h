#pragma once
// Reads what a member of a share group is to be given of a partition: whole batches, and which of their records are
// its own from now on.
#include "broker/broker.h"
#include "broker/group/share_groups.h"
#include "protocol/error_code.h"
#include "protocol/records.h"

namespace leat::api {

struct ShareReading {
  std::string group, member;
  TopicPartition partition;
  uint64_t bytes_max = 0;
  int64_t records_max = 0;
  bool exactly = false;  // No more records than records_max, though a batch has more.
};

struct ShareGiven {
  Records records;
  std::vector<ShareRange> ranges;  // Empty: there is nothing to give out now.
  int64_t count = 0;
};

// `copies`: keeps what `out` refers to and is no file.
protocol::ErrorCode share_read(Broker&, const ShareReading&, ShareGiven& out,
                               std::vector<std::unique_ptr<Bytes>>& copies);

}  // namespace leat::api
