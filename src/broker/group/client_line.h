#pragma once
#include <optional>
#include <string>
#include <vector>

#include "broker/call.h"
#include "broker/group/gap_meter.h"

namespace leat {

// What is remembered of one connection of a client that reads, or that is in a group: open, or closed lately.
struct ClientLine {
  static constexpr size_t kPositionsMax = 64;  // Partitions whose positions are followed.
  static constexpr size_t kMembersMax = 64;

  struct Position {
    std::string topic;
    int32_t partition = 0;
    int64_t offset = 0;  // Everything before it was given to the client.
  };

  std::shared_ptr<const Client> client;
  std::optional<Instant> closed;
  std::string closed_why;
  GapMeter fetches;
  std::vector<Position> positions;
  std::vector<std::pair<std::string, std::string>> members;  // Group and member id of those that used it.

  // A fetch request asks for this; in the order of the request, so that the next one's are found at once.
  // False: no more are followed.
  bool asks(const std::string& topic, int32_t partition, int64_t offset) {
    for (size_t tried = 0; tried < positions.size(); ++tried, ++cursor_) {
      if (cursor_ >= positions.size()) cursor_ = 0;
      Position& known = positions[cursor_];
      if (known.partition != partition || known.topic != topic) continue;
      known.offset = offset;
      ++cursor_;
      return true;
    }
    if (positions.size() == kPositionsMax) return false;
    positions.push_back({topic, partition, offset});
    return true;
  }
  const Position* position(const std::string& topic, int32_t partition) const {
    for (const Position& known : positions) {
      if (known.partition == partition && known.topic == topic) return &known;
    }
    return nullptr;
  }

 private:
  size_t cursor_ = 0;
};

}  // namespace leat
