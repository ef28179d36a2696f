// Producers that send once, and those that number their batches and send again until they know.
#include "log/record_batch_builder.h"
#include "protocol/all.h"
#include "test/broker_sim/actor.h"
#include "test/broker_sim/batches.h"

namespace leat::sim {
namespace {

class PlainProducer final : public Actor {
 public:
  using Actor::Actor;

 private:
  void next() override {
    Sent sent{fresh_value(), static_cast<int32_t>(random_.below(kPartitions))};
    size_t at = history_.sent.size();
    history_.sent.push_back(sent);
    Bytes batch = batch_of(sent.value, {});
    ask<protocol::Produce>(produce_request(sent.partition, batch), 9, [this, at](const auto& response) {
      const auto& result = response.responses[0].partition_responses[0];
      if (result.error_code != 0) return;  // It may be there, or not.
      history_.sent[at].outcome = Outcome::kDone;
      history_.sent[at].offset = result.base_offset;
    });
  }
};

class IdempotentProducer final : public Actor {
 public:
  using Actor::Actor;

 private:
  void next() override {
    if (producer_id_ < 0) return claim();
    if (!pending_) {
      pending_ = history_.sent.size();
      history_.sent.push_back({fresh_value(), static_cast<int32_t>(random_.below(kPartitions))});
    }
    const Sent& sent = history_.sent[*pending_];
    Bytes batch = batch_of(
        sent.value, {.producer_id = producer_id_, .producer_epoch = 0, .base_sequence = sequences_[sent.partition]});
    ask<protocol::Produce>(produce_request(sent.partition, batch), 9, [this](const auto& response) {
      const auto& result = response.responses[0].partition_responses[0];
      auto error = protocol::ErrorCode{result.error_code};
      if (error == protocol::ErrorCode::kOutOfOrderSequenceNumber) {
        history_.broken = "an idempotent producer that sent its batches in order was told that one is missing";
      }
      if (error != protocol::ErrorCode::kNone) return;  // It sends it again.
      Sent& done = history_.sent[*pending_];
      done.outcome = Outcome::kDone;
      done.offset = result.base_offset;
      ++sequences_[done.partition];
      pending_.reset();
    });
  }
  void claim() {
    ask<protocol::InitProducerId>({}, 4, [this](const auto& response) {
      if (response.error_code == 0) producer_id_ = response.producer_id;
    });
  }

  int64_t producer_id_ = -1;
  std::map<int32_t, int32_t> sequences_;
  std::optional<size_t> pending_;
};

}  // namespace

std::unique_ptr<Actor> make_plain_producer(TestBroker& broker, History& history, SimRandom& random) {
  return std::make_unique<PlainProducer>(broker, history, random);
}

std::unique_ptr<Actor> make_idempotent_producer(TestBroker& broker, History& history, SimRandom& random) {
  return std::make_unique<IdempotentProducer>(broker, history, random);
}

}  // namespace leat::sim
