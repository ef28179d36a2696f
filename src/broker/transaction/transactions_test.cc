// Transactions through Kafka's protocol, as old clients (every step asked for) and new ones (KIP-890) do them.
#include "broker/transaction/transactions.h"

#include "log/record_batch_builder.h"
#include "log/record_reader.h"
#include "protocol/all.h"
#include "sim/kafka_client.h"

namespace leat {
namespace {

using protocol::ErrorCode;

class TransactionsTest : public testing::Test {
 protected:
  TransactionsTest() { make_topic("t", 2); }

  void make_topic(const std::string& name, int32_t partitions) {
    protocol::CreateTopicsRequest request;
    request.topics.push_back({name, partitions, 1, {}, {}});
    ASSERT_EQ(client->call<protocol::CreateTopics>(request).topics[0].error_code, 0);
  }
  void restart() {
    client.reset();
    broker.stop();
    broker.sim.lose_power();
    broker.start();
    client = std::make_unique<TestClient>(broker);
  }
  ProducerIdentity claim(const std::string& id = "tx", int32_t timeout_ms = 60'000) {
    protocol::InitProducerIdRequest request;
    request.transactional_id = id;
    request.transaction_timeout_ms = timeout_ms;
    auto response = client->call<protocol::InitProducerId>(request, 4);
    EXPECT_EQ(response.error_code, 0);
    return {response.producer_id, response.producer_epoch};
  }
  ErrorCode add(const ProducerIdentity& producer, int32_t partition) {
    protocol::AddPartitionsToTxnRequest request;
    request.v3_and_below_transactional_id = "tx";
    request.v3_and_below_producer_id = producer.id;
    request.v3_and_below_producer_epoch = producer.epoch;
    request.v3_and_below_topics.push_back({"t", {partition}});
    auto response = client->call<protocol::AddPartitionsToTxn>(request, 3);
    return ErrorCode{response.results_by_topic_v3_and_below[0].results_by_partition[0].partition_error_code};
  }
  ErrorCode produce(const ProducerIdentity& producer, int32_t partition, int32_t sequence, const std::string& value,
                    int16_t version = 9, bool transactional = true) {
    RecordBatchBuilder builder;
    builder.add(broker.sim.clock().wall(), std::nullopt, BytesView(value));
    std::span<char> bytes = builder.finish({.producer_id = producer.id,
                                            .producer_epoch = producer.epoch,
                                            .base_sequence = sequence,
                                            .transactional = transactional});
    Bytes batch(bytes.data(), bytes.size());
    protocol::ProduceRequest request;
    request.transactional_id = "tx";
    request.acks = -1;
    request.topic_data.push_back({"t", {}, {{partition, Records{batch, {}}}}});
    return ErrorCode{client->call<protocol::Produce>(request, version).responses[0].partition_responses[0].error_code};
  }
  ErrorCode end(ProducerIdentity& producer, bool commit, int16_t version = 3) {
    protocol::EndTxnRequest request;
    request.transactional_id = "tx";
    request.producer_id = producer.id;
    request.producer_epoch = producer.epoch;
    request.committed = commit;
    auto response = client->call<protocol::EndTxn>(request, version);
    if (version >= 5 && response.error_code == 0) producer = {response.producer_id, response.producer_epoch};
    return ErrorCode{response.error_code};
  }
  // What a reader of committed records gets, as clients filter it.
  std::vector<std::string> committed(int32_t partition) {
    protocol::FetchRequest request;
    request.isolation_level = 1;
    request.topics.push_back({});
    request.topics[0].topic = "t";
    auto& asked = request.topics[0].partitions.emplace_back();
    asked.partition = partition;
    asked.partition_max_bytes = 1 << 20;
    auto response = client->call<protocol::Fetch>(request, 11);
    auto& result = response.responses[0].partitions[0];
    std::multimap<int64_t, int64_t> aborted;  // First offset by producer.
    for (const auto& each : result.aborted_transactions.value()) aborted.emplace(each.producer_id, each.first_offset);
    std::vector<std::string> out;
    BytesView bytes = result.records->bytes;
    while (!bytes.empty()) {
      auto batch = *RecordBatchView::parse(bytes);
      bytes.remove_prefix(batch.bytes().size());
      int64_t producer = batch.stamp().producer_id;
      auto open = aborted.find(producer);
      bool hidden = open != aborted.end() && open->second <= batch.base_offset().value;
      if (batch.is_control() && hidden && *read_marker(batch) == MarkerType::kAbort) aborted.erase(open);
      if (batch.is_control() || hidden) continue;
      auto records = *RecordReader::open(batch);
      RecordView record;
      while (*records.next(record)) out.emplace_back(*record.value);
    }
    return out;
  }
  using Values = std::vector<std::string>;

  TestBroker broker;
  std::unique_ptr<TestClient> client = std::make_unique<TestClient>(broker);
};

TEST_F(TransactionsTest, CommitsAndAbortsStepByStep) {
  ProducerIdentity producer = claim();
  ASSERT_EQ(add(producer, 0), ErrorCode::kNone);
  ASSERT_EQ(add(producer, 1), ErrorCode::kNone);
  ASSERT_EQ(produce(producer, 0, 0, "a"), ErrorCode::kNone);
  ASSERT_EQ(produce(producer, 1, 0, "b"), ErrorCode::kNone);
  EXPECT_EQ(committed(0), Values());
  ASSERT_EQ(end(producer, true), ErrorCode::kNone);
  EXPECT_EQ(committed(0), Values{"a"});
  EXPECT_EQ(committed(1), Values{"b"});
  EXPECT_EQ(end(producer, true), ErrorCode::kNone);  // Sent again.
  ASSERT_EQ(add(producer, 0), ErrorCode::kNone);
  ASSERT_EQ(produce(producer, 0, 1, "aborted"), ErrorCode::kNone);
  ASSERT_EQ(end(producer, false), ErrorCode::kNone);
  EXPECT_EQ(committed(0), Values{"a"});
}

TEST_F(TransactionsTest, NewClientsAddByWritingAndGetAnEpochEachTime) {
  ProducerIdentity producer = claim();
  ProducerIdentity before = producer;
  ASSERT_EQ(produce(producer, 0, 0, "a", 12), ErrorCode::kNone);
  ASSERT_EQ(end(producer, true, 5), ErrorCode::kNone);
  EXPECT_EQ(producer.epoch, before.epoch + 1);
  EXPECT_EQ(committed(0), Values{"a"});
  // What comes late of the first transaction touches nothing of the second.
  ASSERT_EQ(produce(producer, 0, 0, "b", 12), ErrorCode::kNone);
  EXPECT_EQ(produce(before, 0, 1, "late", 12), ErrorCode::kInvalidProducerEpoch);
  EXPECT_EQ(end(before, true, 5), ErrorCode::kProducerFenced);
  ASSERT_EQ(end(producer, false, 5), ErrorCode::kNone);
  EXPECT_EQ(committed(0), Values{"a"});
}

// KAFKA-17754: all transactions of a client without KIP-890 have one epoch.
TEST_F(TransactionsTest, AnEndThatWasUnderWayOnALostConnectionDoesNotEndTheNextTransaction) {
  ProducerIdentity producer = claim();
  ASSERT_EQ(add(producer, 0), ErrorCode::kNone);
  ASSERT_EQ(produce(producer, 0, 0, "a"), ErrorCode::kNone);
  auto hanging = std::exchange(client, std::make_unique<TestClient>(broker));
  ASSERT_EQ(end(producer, true), ErrorCode::kNone);
  ASSERT_EQ(add(producer, 0), ErrorCode::kNone);
  ASSERT_EQ(produce(producer, 0, 1, "b"), ErrorCode::kNone);
  std::swap(client, hanging);
  EXPECT_EQ(end(producer, true), ErrorCode::kInvalidTxnState);
  EXPECT_EQ(committed(0), Values{"a"});
  std::swap(client, hanging);
  // Another process goes on with what it was told of, over a connection that took part in none (Flink does so).
  client = std::make_unique<TestClient>(broker);
  EXPECT_EQ(end(producer, true), ErrorCode::kNone);
  EXPECT_EQ(committed(0), (Values{"a", "b"}));
}

TEST_F(TransactionsTest, WritesThatDoNotBelongAreRefused) {
  ProducerIdentity producer = claim();
  EXPECT_EQ(produce(producer, 0, 0, "not added"), ErrorCode::kInvalidTxnState);
  ASSERT_EQ(add(producer, 0), ErrorCode::kNone);
  EXPECT_EQ(produce(producer, 1, 0, "not added"), ErrorCode::kInvalidTxnState);
  ASSERT_EQ(produce(producer, 0, 0, "a"), ErrorCode::kNone);
  EXPECT_EQ(produce(producer, 0, 1, "beside it", 9, false), ErrorCode::kInvalidTxnState);
  EXPECT_EQ(produce({999, 0}, 0, 0, "unknown"), ErrorCode::kInvalidProducerIdMapping);
  EXPECT_EQ(add(producer, 7), ErrorCode::kUnknownTopicOrPartition);
}

TEST_F(TransactionsTest, AnotherInstanceAbortsWhatIsOpenAndFences) {
  ProducerIdentity old = claim();
  ASSERT_EQ(add(old, 0), ErrorCode::kNone);
  ASSERT_EQ(produce(old, 0, 0, "of the old one"), ErrorCode::kNone);
  ProducerIdentity next = claim();
  EXPECT_EQ(next.id, old.id);
  EXPECT_GT(next.epoch, old.epoch);
  EXPECT_EQ(produce(old, 0, 1, "zombie"), ErrorCode::kInvalidProducerEpoch);
  EXPECT_EQ(add(old, 0), ErrorCode::kProducerFenced);
  EXPECT_EQ(end(old, true), ErrorCode::kProducerFenced);
  EXPECT_EQ(committed(0), Values());
  ASSERT_EQ(add(next, 0), ErrorCode::kNone);
  ASSERT_EQ(produce(next, 0, 0, "of the new one"), ErrorCode::kNone);
  ASSERT_EQ(end(next, true), ErrorCode::kNone);
  EXPECT_EQ(committed(0), Values{"of the new one"});
}

TEST_F(TransactionsTest, OneThatTakesTooLongIsAborted) {
  ProducerIdentity producer = claim("tx", 1'000);
  ASSERT_EQ(add(producer, 0), ErrorCode::kNone);
  ASSERT_EQ(produce(producer, 0, 0, "slow"), ErrorCode::kNone);
  broker.loop.advance_ms(12'000);
  EXPECT_EQ(end(producer, true), ErrorCode::kProducerFenced);
  EXPECT_EQ(committed(0), Values());
  protocol::ListTransactionsRequest request;
  request.transactional_id_pattern = "t.";
  auto listed = client->call<protocol::ListTransactions>(request, 2);
  ASSERT_EQ(listed.transaction_states.size(), 1u);
  EXPECT_EQ(listed.transaction_states[0].transaction_state, "CompleteAbort");
  request.transactional_id_pattern = "x.*";
  EXPECT_TRUE(client->call<protocol::ListTransactions>(request, 2).transaction_states.empty());
  request.transactional_id_pattern = "(";
  EXPECT_EQ(ErrorCode{client->call<protocol::ListTransactions>(request, 2).error_code},
            ErrorCode::kInvalidRegularExpression);
}

TEST_F(TransactionsTest, TimeoutsHaveLimits) {
  protocol::InitProducerIdRequest request;
  request.transactional_id = "tx";
  for (int32_t timeout : {0, 15 * 60'000 + 1}) {
    request.transaction_timeout_ms = timeout;
    EXPECT_EQ(ErrorCode{client->call<protocol::InitProducerId>(request, 4).error_code},
              ErrorCode::kInvalidTransactionTimeout);
  }
}

TEST_F(TransactionsTest, OffsetsAreCommittedWithTheTransaction) {
  for (bool commit : {false, true}) {
    ProducerIdentity producer = claim();
    protocol::AddOffsetsToTxnRequest add_group;
    add_group.transactional_id = "tx";
    add_group.producer_id = producer.id;
    add_group.producer_epoch = producer.epoch;
    add_group.group_id = "g";
    ASSERT_EQ(client->call<protocol::AddOffsetsToTxn>(add_group).error_code, 0);
    protocol::TxnOffsetCommitRequest stage;
    stage.transactional_id = "tx";
    stage.group_id = "g";
    stage.producer_id = producer.id;
    stage.producer_epoch = producer.epoch;
    stage.topics.push_back({"t", {{0, 42, -1, "here"}}});
    ASSERT_EQ(client->call<protocol::TxnOffsetCommit>(stage, 3).topics[0].partitions[0].error_code, 0);
    protocol::OffsetFetchRequest fetch;
    fetch.group_id = "g";
    fetch.topics.emplace().push_back({"t", {0}});
    fetch.require_stable = true;
    auto fetched = [&] { return client->call<protocol::OffsetFetch>(fetch, 7).topics[0].partitions[0]; };
    EXPECT_EQ(ErrorCode{fetched().error_code}, ErrorCode::kUnstableOffsetCommit);
    restart();
    EXPECT_EQ(ErrorCode{fetched().error_code}, ErrorCode::kUnstableOffsetCommit);
    ASSERT_EQ(end(producer, commit), ErrorCode::kNone);
    EXPECT_EQ(fetched().error_code, 0);
    EXPECT_EQ(fetched().committed_offset, commit ? 42 : -1);
  }
}

TEST_F(TransactionsTest, AnOpenOneSurvivesAPowerFailureAndAResumedProducerEndsIt) {
  ProducerIdentity producer = claim();
  ASSERT_EQ(add(producer, 0), ErrorCode::kNone);
  ASSERT_EQ(produce(producer, 0, 0, "a"), ErrorCode::kNone);
  restart();
  EXPECT_EQ(committed(0), Values());
  ASSERT_EQ(end(producer, true), ErrorCode::kNone);  // On a connection that never asked for an id (Flink does so).
  EXPECT_EQ(committed(0), Values{"a"});
  restart();
  EXPECT_EQ(end(producer, true), ErrorCode::kNone);
  EXPECT_EQ(end(producer, false), ErrorCode::kInvalidTxnState);
}

TEST_F(TransactionsTest, ToolsSeeAndEndAHangingOne) {
  ProducerIdentity producer = claim();
  ASSERT_EQ(produce(producer, 0, 0, "a", 12), ErrorCode::kNone);
  protocol::DescribeTransactionsRequest describe;
  describe.transactional_ids = {"tx", "other"};
  auto described = client->call<protocol::DescribeTransactions>(describe).transaction_states;
  EXPECT_EQ(described[0].transaction_state, "Ongoing");
  ASSERT_EQ(described[0].topics.size(), 1u);
  EXPECT_EQ(described[0].topics[0].partitions, std::vector<int32_t>{0});
  EXPECT_EQ(ErrorCode{described[1].error_code}, ErrorCode::kTransactionalIdNotFound);
  protocol::DescribeProducersRequest producers;
  producers.topics.push_back({"t", {0}});
  auto active = client->call<protocol::DescribeProducers>(producers).topics[0].partitions[0].active_producers;
  ASSERT_EQ(active.size(), 1u);
  EXPECT_EQ(active[0].current_txn_start_offset, 0);
  protocol::WriteTxnMarkersRequest markers;
  markers.markers.push_back({producer.id, producer.epoch, false, {{"t", {0}}}, 0, 0});
  auto written = client->call<protocol::WriteTxnMarkers>(markers, 1).markers[0].topics[0].partitions[0];
  EXPECT_EQ(written.error_code, 0);
  active = client->call<protocol::DescribeProducers>(producers).topics[0].partitions[0].active_producers;
  EXPECT_EQ(active[0].current_txn_start_offset, -1);
  EXPECT_EQ(committed(0), Values());
}

}  // namespace
}  // namespace leat
