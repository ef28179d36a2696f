// A producer of transactions over several partitions and a group's position: the clients of before KIP-890, which say
// what they will write to, and those of after it, which get an epoch for each transaction.
#include "test/broker_sim/actor.h"
#include "test/broker_sim/batches.h"

namespace leat::sim {
namespace {

using protocol::ErrorCode;

class TransactionalProducer final : public Actor {
 public:
  TransactionalProducer(TestBroker& broker, History& history, SimRandom& random, bool modern)
      : Actor(broker, history, random), modern_(modern), number_(history.by_producer.size()) {
    history.by_producer.emplace_back();
    id_ = "tx" + std::to_string(number_);
  }

 private:
  void next() override {
    if (producer_id_ < 0) return claim();
    if (!run_) return begin();
    if (records_left_ > 0 && !added_) return add();
    if (records_left_ > 0) return send();
    if (!staged_) return stage();
    end();
  }
  // Whatever was asked for is in doubt: another instance takes over, which aborts what is not decided.
  void in_doubt() override {
    if (run_ && !ending_) history_.transactions[*run_].committed = Outcome::kFailed;
    forget();
  }
  void forget() {
    run_.reset();
    producer_id_ = -1;
  }
  // False: the transaction cannot go on.
  bool goes_on(int16_t error) {
    if (error == 0) return true;
    if (ErrorCode{error} == ErrorCode::kConcurrentTransactions) return false;  // Asked again.
    in_doubt();
    return false;
  }

  void claim() {
    protocol::InitProducerIdRequest request;
    request.transactional_id = id_;
    request.transaction_timeout_ms = 60'000;
    ask<protocol::InitProducerId>(request, 4, [this](const auto& response) {
      if (response.error_code != 0) return;
      producer_id_ = response.producer_id;
      epoch_ = response.producer_epoch;
      sequences_.clear();
    });
  }
  void begin() {
    run_ = history_.transactions.size();
    history_.transactions.emplace_back();
    history_.by_producer[number_].push_back(static_cast<int>(*run_));
    history_.transactions.back().position = static_cast<int64_t>(*run_);
    records_left_ = 1 + random_.below(4);
    added_ = modern_;
    staged_ = ending_ = false;
    next();
  }
  void add() {
    protocol::AddPartitionsToTxnRequest request;
    request.v3_and_below_transactional_id = id_;
    request.v3_and_below_producer_id = producer_id_;
    request.v3_and_below_producer_epoch = epoch_;
    request.v3_and_below_topics.push_back({kTopic, {0, 1, 2}});
    ask<protocol::AddPartitionsToTxn>(request, 3, [this](const auto& response) {
      added_ = goes_on(response.results_by_topic_v3_and_below[0].results_by_partition[0].partition_error_code);
    });
  }
  void send() {
    size_t at = history_.sent.size();
    Sent sent{fresh_value(), static_cast<int32_t>(random_.below(kPartitions))};
    sent.transaction = static_cast<int>(*run_);
    history_.sent.push_back(sent);
    --records_left_;
    Bytes batch = batch_of(sent.value, {.producer_id = producer_id_,
                                        .producer_epoch = epoch_,
                                        .base_sequence = sequences_[sent.partition]++,
                                        .transactional = true});
    auto request = produce_request(sent.partition, batch);
    request.transactional_id = id_;
    ask<protocol::Produce>(request, modern_ ? 12 : 9, [this, at](const auto& response) {
      const auto& result = response.responses[0].partition_responses[0];
      if (result.error_code != 0) return in_doubt();
      history_.sent[at].outcome = Outcome::kDone;
      history_.sent[at].offset = result.base_offset;
    });
  }
  void stage() {
    if (modern_ || grouped_ == run_) return stage_offset();
    protocol::AddOffsetsToTxnRequest request;
    request.transactional_id = id_;
    request.producer_id = producer_id_;
    request.producer_epoch = epoch_;
    request.group_id = id_;
    ask<protocol::AddOffsetsToTxn>(request, 3, [this](const auto& response) {
      if (goes_on(response.error_code)) grouped_ = run_;
    });
  }
  void stage_offset() {
    protocol::TxnOffsetCommitRequest request;
    request.transactional_id = request.group_id = id_;
    request.producer_id = producer_id_;
    request.producer_epoch = epoch_;
    request.topics.push_back({kTopic, {{0, history_.transactions[*run_].position, -1, ""}}});
    ask<protocol::TxnOffsetCommit>(request, modern_ ? 5 : 3, [this](const auto& response) {
      staged_ = goes_on(response.topics[0].partitions[0].error_code);
    });
  }
  void end() {
    protocol::EndTxnRequest request;
    request.transactional_id = id_;
    request.producer_id = producer_id_;
    request.producer_epoch = epoch_;
    bool commit = request.committed = random_.chance(0.7);
    ending_ = commit;  // In doubt only if it may have been committed.
    ask<protocol::EndTxn>(request, modern_ ? 5 : 3, [this, commit](const auto& response) {
      if (response.error_code != 0) {
        bool refused = ErrorCode{response.error_code} == ErrorCode::kProducerFenced;
        if (refused) history_.transactions[*run_].committed = Outcome::kFailed;
        ending_ = !refused;
        return in_doubt();
      }
      history_.transactions[*run_].committed = commit ? Outcome::kDone : Outcome::kFailed;
      if (modern_) {
        if (response.producer_id != producer_id_ || response.producer_epoch != epoch_) sequences_.clear();
        producer_id_ = response.producer_id;
        epoch_ = response.producer_epoch;
      }
      run_.reset();
    });
  }

  bool modern_;
  size_t number_;
  std::string id_;
  int64_t producer_id_ = -1;
  int16_t epoch_ = -1;
  std::map<int32_t, int32_t> sequences_;
  std::optional<size_t> run_, grouped_;
  uint64_t records_left_ = 0;
  bool added_ = false, staged_ = false, ending_ = false;
};

}  // namespace

std::unique_ptr<Actor> make_transactional_producer(TestBroker& broker, History& history, SimRandom& random,
                                                   bool modern) {
  return std::make_unique<TransactionalProducer>(broker, history, random, modern);
}

}  // namespace leat::sim
