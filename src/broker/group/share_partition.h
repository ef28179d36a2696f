#pragma once
// SharePartition: who has which records of a partition of a share group, and until when (KIP-932). What it decides is a
// ShareDelta, for the broker's log; the locks belong to this life of the broker.
//
// Lifecycle: recover() comes first. Threads: the broker's.
#include <map>
#include <string>

#include "broker/state/share_progress.h"
#include "protocol/error_code.h"

namespace leat {

// How a member answers for records, as they travel.
enum class ShareAck : int8_t { kGap = 0, kAccept = 1, kRelease = 2, kReject = 3, kRenew = 4 };

struct ShareAckBatch {
  int64_t first = 0, last = 0;
  std::vector<int8_t> types;  // One for all of it, or one for each offset.
};

class SharePartition {
 public:
  // What nobody holds after a restart is to be given out again; so is what lies below the log's start settled.
  ShareDelta recover(const ShareProgress&, int64_t log_start, int16_t deliveries_max) const;

  // The first record that may be given out.
  static int64_t next_offset(const ShareProgress&);
  // Gives a member what of first..last may be given out, from the first such record on, up to about `records_max`.
  struct Acquisition {
    ShareDelta delta;
    std::vector<ShareRange> ranges;  // Ascending, with the deliveries that these are.
    int64_t records = 0;
  };
  void acquire(const ShareProgress&, int64_t first, int64_t last, int64_t records_max, Acquisition&) const;
  void lock(const std::vector<ShareRange>&, const std::string& member, Instant deadline);

  // INVALID_REQUEST; INVALID_RECORD_STATE: some record is not the member's. Nothing is changed then.
  protocol::ErrorCode acknowledge(const ShareProgress&, const std::string& member, const std::vector<ShareAckBatch>&,
                                  int16_t deliveries_max, Instant renewed_until, ShareDelta& out);
  // What is held for too long is to be given out again, or was given out too often.
  ShareDelta expire(const ShareProgress&, Instant now, int16_t deliveries_max);
  // What a member that is gone holds: these were no deliveries.
  ShareDelta release(const ShareProgress&, const std::string& member);
  Instant next_deadline() const;
  void clear() { locks_.clear(); }

 private:
  struct Lock {
    int64_t last;
    std::string member;
    Instant deadline;
  };
  bool holds(const std::string& member, int64_t first, int64_t last) const;
  void unlock(int64_t first, int64_t last);
  void cut(int64_t at);

  std::map<int64_t, Lock> locks_;  // By the first offset.
};

}  // namespace leat
