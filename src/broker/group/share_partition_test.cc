#include "broker/group/share_partition.h"

#include <gtest/gtest.h>

#include <set>

#include "sim/seeds.h"
#include "sim/sim_random.h"

namespace leat {
namespace {

using protocol::ErrorCode;

constexpr int16_t kDeliveriesMax = 3;
constexpr Instant kLater{1'000};

// A share partition with what it decided applied, as the broker does it.
class Shared {
 public:
  explicit Shared(int64_t start = 0) {
    ShareDelta begins;
    begins.start = start;
    progress.apply(begins);
  }
  std::vector<ShareRange> acquire(const std::string& member, int64_t last, int64_t most, Instant until = kLater) {
    SharePartition::Acquisition out;
    live.acquire(progress, SharePartition::next_offset(progress), last, most, out);
    progress.apply(out.delta);
    live.lock(out.ranges, member, until);
    return out.ranges;
  }
  ErrorCode acknowledge(const std::string& member, std::vector<ShareAckBatch> batches, Instant renewed = kLater) {
    ShareDelta delta;
    ErrorCode error = live.acknowledge(progress, member, batches, kDeliveriesMax, renewed, delta);
    progress.apply(delta);
    return error;
  }
  void expire(Instant now) { progress.apply(live.expire(progress, now, kDeliveriesMax)); }

  ShareProgress progress;
  SharePartition live;
};

int8_t type(ShareAck ack) {
  return static_cast<int8_t>(ack);
}

TEST(SharePartition, GivesEachRecordToOneMember) {
  Shared shared;
  EXPECT_EQ(shared.acquire("a", 99, 10), (std::vector<ShareRange>{{0, 9, ShareState::kAcquired, 1}}));
  EXPECT_EQ(shared.acquire("b", 99, 10), (std::vector<ShareRange>{{10, 19, ShareState::kAcquired, 1}}));
  EXPECT_EQ(shared.progress.in_flight(), 20);
  EXPECT_EQ(shared.acknowledge("b", {{0, 4, {type(ShareAck::kAccept)}}}), ErrorCode::kInvalidRecordState);
  EXPECT_EQ(shared.acknowledge("a", {{0, 4, {type(ShareAck::kAccept)}}}), ErrorCode::kNone);
  EXPECT_EQ(shared.progress.start(), 5);
  EXPECT_EQ(shared.acknowledge("b", {{10, 19, {type(ShareAck::kAccept)}}}), ErrorCode::kNone);
  EXPECT_EQ(shared.progress.start(), 5);  // a has the ones before.
  EXPECT_EQ(shared.acknowledge("a", {{5, 9, {type(ShareAck::kReject)}}}), ErrorCode::kNone);
  EXPECT_EQ(shared.progress.start(), 20);
  EXPECT_TRUE(shared.progress.ranges().empty());
}

TEST(SharePartition, WhatIsReleasedIsGivenOutAgainUntilItWasOftenEnough) {
  Shared shared;
  for (int16_t delivery = 1; delivery <= kDeliveriesMax; ++delivery) {
    EXPECT_EQ(shared.acquire("a", 1, 10), (std::vector<ShareRange>{{0, 1, ShareState::kAcquired, delivery}}));
    EXPECT_EQ(shared.acknowledge("a", {{0, 1, {type(ShareAck::kRelease)}}}), ErrorCode::kNone);
  }
  EXPECT_EQ(shared.progress.start(), 2);
  EXPECT_EQ(shared.progress.exhausted(), 2);
}

TEST(SharePartition, ALockEnds) {
  Shared shared;
  shared.acquire("a", 4, 10, Instant{100});
  EXPECT_EQ(shared.acknowledge("a", {{2, 2, {type(ShareAck::kRenew)}}}, Instant{500}), ErrorCode::kNone);
  shared.expire(Instant{100});
  EXPECT_EQ(shared.live.next_deadline(), Instant{500});
  EXPECT_EQ(shared.acquire("b", 4, 10),
            (std::vector<ShareRange>{{0, 1, ShareState::kAcquired, 2}, {3, 4, ShareState::kAcquired, 2}}));
  EXPECT_EQ(shared.acknowledge("a", {{0, 0, {type(ShareAck::kAccept)}}}), ErrorCode::kInvalidRecordState);
  EXPECT_EQ(shared.acknowledge("a", {{2, 2, {type(ShareAck::kAccept)}}}), ErrorCode::kNone);
}

TEST(SharePartition, AMemberThatGoesHadNoDelivery) {
  Shared shared;
  shared.acquire("a", 4, 10);
  shared.progress.apply(shared.live.release(shared.progress, "a"));
  EXPECT_EQ(shared.acquire("b", 4, 10), (std::vector<ShareRange>{{0, 4, ShareState::kAcquired, 1}}));
}

TEST(SharePartition, AnAnswerForEachOffset) {
  Shared shared;
  shared.acquire("a", 3, 10);
  std::vector<int8_t> types{type(ShareAck::kAccept), type(ShareAck::kRelease), type(ShareAck::kGap),
                            type(ShareAck::kAccept)};
  EXPECT_EQ(shared.acknowledge("a", {{0, 3, types}}), ErrorCode::kNone);
  EXPECT_EQ(shared.progress.start(), 1);
  EXPECT_EQ(shared.acquire("b", 9, 1), (std::vector<ShareRange>{{1, 1, ShareState::kAcquired, 2}}));
  EXPECT_EQ(shared.acknowledge("b", {{1, 1, {type(ShareAck::kAccept)}}}), ErrorCode::kNone);
  EXPECT_EQ(shared.progress.start(), 4);
}

TEST(SharePartition, RefusesBatchesThatAreNone) {
  Shared shared;
  shared.acquire("a", 9, 10);
  int8_t accept = type(ShareAck::kAccept);
  for (const std::vector<ShareAckBatch>& batches :
       std::vector<std::vector<ShareAckBatch>>{{{3, 2, {accept}}},
                                               {{0, 2, {accept, accept}}},
                                               {{0, 2, {}}},
                                               {{0, 2, {9}}},
                                               {{0, 2, {accept}}, {2, 3, {accept}}},
                                               {{-1, 2, {accept}}},
                                               {{0, INT64_MAX, {accept}}},
                                               {{INT64_MIN, INT64_MAX - 1, {accept, accept}}}}) {
    EXPECT_EQ(shared.acknowledge("a", batches), ErrorCode::kInvalidRequest);
  }
  EXPECT_EQ(shared.progress.in_flight(), 10);
}

TEST(SharePartition, AfterARestartNobodyHoldsAnything) {
  Shared shared;
  shared.acquire("a", 9, 10);
  SharePartition again;
  shared.progress.apply(again.recover(shared.progress, 0, kDeliveriesMax));
  EXPECT_EQ(SharePartition::next_offset(shared.progress), 0);
  shared.progress.apply(again.recover(shared.progress, 5, kDeliveriesMax));
  EXPECT_EQ(shared.progress.start(), 5);  // Retention took the rest.
  shared.progress.apply(again.recover(shared.progress, 50, kDeliveriesMax));
  EXPECT_EQ(shared.progress.start(), 50);
  EXPECT_EQ(shared.progress.end(), 50);
}

// Whatever members do, no record is with two of them, none is given out after it was settled or too often, and what
// was accepted stays accepted.
TEST(SharePartition, ARecordIsNeverWithTwo) {
  for (uint64_t seed : sim::seeds(300)) {
    SCOPED_TRACE("LEAT_SEED=" + std::to_string(seed));
    sim::SimRandom random(seed);
    Shared shared;
    std::map<int64_t, std::string> holder;
    std::map<int64_t, int> deliveries;
    std::set<int64_t> settled;
    int64_t now = 0, end = 30;
    for (int step = 0; step < 200; ++step) {
      std::string member(1, static_cast<char>('a' + random.below(3)));
      switch (random.below(4)) {
        case 0:
        case 1:
          for (const ShareRange& range :
               shared.acquire(member, end - 1, static_cast<int64_t>(1 + random.below(8)), Instant{now + 10})) {
            for (int64_t at = range.first; at <= range.last; ++at) {
              ASSERT_FALSE(holder.contains(at)) << at;
              ASSERT_FALSE(settled.contains(at)) << at;
              holder[at] = member;
              ASSERT_EQ(++deliveries[at], range.deliveries) << at;
              ASSERT_LE(range.deliveries, kDeliveriesMax);
            }
          }
          break;
        case 2: {
          auto first = static_cast<int64_t>(random.below(static_cast<uint64_t>(end)));
          ShareAck ack = random.below(2) == 0 ? ShareAck::kAccept : ShareAck::kRelease;
          bool own = first >= shared.progress.start() && holder.contains(first) && holder[first] == member;
          bool before = first < shared.progress.start();
          ErrorCode expected = own || before ? ErrorCode::kNone : ErrorCode::kInvalidRecordState;
          ASSERT_EQ(shared.acknowledge(member, {{first, first, {type(ack)}}}), expected) << first;
          if (!own) break;
          holder.erase(first);
          if (ack == ShareAck::kAccept || deliveries[first] >= kDeliveriesMax) settled.insert(first);
          break;
        }
        default:
          now += static_cast<int64_t>(random.below(6));
          ++end;
          shared.expire(Instant{now});
          for (auto each = holder.begin(); each != holder.end();) {
            bool held = shared.live.next_deadline() != kNever &&
                        shared.progress.between(each->first, each->first).size() == 1 &&
                        shared.progress.between(each->first, each->first)[0].state == ShareState::kAcquired;
            if (!held && deliveries[each->first] >= kDeliveriesMax) settled.insert(each->first);
            each = held ? std::next(each) : holder.erase(each);
          }
      }
      for (int64_t at : settled) {
        auto part = shared.progress.between(at, at);
        ASSERT_TRUE(at < shared.progress.start() || (part.size() == 1 && part[0].is_settled())) << at;
      }
    }
  }
}

}  // namespace
}  // namespace leat
