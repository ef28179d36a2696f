// What the client sees of transactions, and how it ends them, against our broker in the simulator.
#include <gtest/gtest.h>

#include "client/open_transactions.h"
#include "client/partition_reader.h"
#include "client/topics.h"
#include "protocol/add_partitions_to_txn.h"
#include "protocol/end_txn.h"
#include "protocol/init_producer_id.h"
#include "protocol/produce.h"
#include "sim/kafka_client.h"
#include "sim/sim_dialer.h"

namespace leat {
namespace {

using namespace client;

class ClientTransactions : public testing::Test {
 protected:
  ClientTransactions() : dialer(broker.loop, broker.sim.clock()) {
    ClientOptions options;
    options.bootstrap = {{"127.0.0.1", 9092}};
    cluster = std::move(*Cluster::connect(options, broker.sim.clock(), dialer));
    CHECK(create_topic(*cluster, {"t", 1, -1, {}}));
    node = cluster->brokers().begin()->first;
  }
  template <class Api>
  auto call(const typename Api::Request& request, int16_t version) {
    auto answer = cluster->call<Api>(node, request, {version});
    CHECK(answer);
    return **answer;
  }
  // Begins a transaction with these records, as clients before KIP-890 do.
  void begin(const std::string& id, const std::vector<std::string>& values) {
    protocol::InitProducerIdRequest init;
    init.transactional_id = id;
    init.transaction_timeout_ms = 60'000;
    auto producer = call<protocol::InitProducerId>(init, 4);
    ASSERT_EQ(producer.error_code, 0);
    producers[id] = {producer.producer_id, producer.producer_epoch, 0, true, false};
    protocol::AddPartitionsToTxnRequest add;
    add.v3_and_below_transactional_id = id;
    add.v3_and_below_producer_id = producer.producer_id;
    add.v3_and_below_producer_epoch = producer.producer_epoch;
    add.v3_and_below_topics.push_back({"t", {0}});
    auto added = call<protocol::AddPartitionsToTxn>(add, 3);
    ASSERT_EQ(added.results_by_topic_v3_and_below.at(0).results_by_partition.at(0).partition_error_code, 0);
    produce(id, values);
  }
  void produce(const std::string& id, const std::vector<std::string>& values) {
    BatchStamp stamp = id.empty() ? BatchStamp() : producers[id];
    RecordBatchBuilder builder;
    for (const std::string& value : values) builder.add(broker.sim.clock().now(), std::nullopt, value);
    auto batch = builder.finish(stamp);
    protocol::ProduceRequest request;
    if (!id.empty()) request.transactional_id = id;
    request.acks = -1;
    request.topic_data.push_back({"t", {}, {{0, Records{BytesView(batch.data(), batch.size()), {}}}}});
    auto produced = call<protocol::Produce>(request, 9);
    ASSERT_EQ(produced.responses.at(0).partition_responses.at(0).error_code, 0);
  }
  void end(const std::string& id, bool committed) {
    protocol::EndTxnRequest request{id, producers[id].producer_id, producers[id].producer_epoch, committed};
    ASSERT_EQ(call<protocol::EndTxn>(request, 3).error_code, 0);
  }
  std::vector<std::string> read(Isolation isolation) {
    PartitionReader reader(*cluster, partition, Offset{0}, isolation);
    std::vector<std::string> out;
    do {
      auto some = reader.poll(0);
      CHECK(some);
      for (const auto& each : *some) out.push_back(each.record.value.value_or(""));
    } while (reader.position() < reader.end());
    return out;
  }

  const TopicPartition partition{"t", PartitionId{0}};
  TestBroker broker;
  sim::SimDialer dialer;
  std::unique_ptr<Cluster> cluster;
  int32_t node = 0;
  std::map<std::string, BatchStamp> producers;
};

TEST_F(ClientTransactions, ReadersOfCommittedRecordsDoNotSeeTheOthers) {
  begin("a", {"a1", "a2"});
  begin("b", {"b1"});
  produce("", {"plain"});
  end("a", false);
  EXPECT_EQ(read(Isolation::kReadCommitted), (std::vector<std::string>{}));  // b is open, and in front of the rest.
  end("b", true);
  begin("a", {"a3"});
  end("a", true);
  EXPECT_EQ(read(Isolation::kReadCommitted), (std::vector<std::string>{"b1", "plain", "a3"}));
  EXPECT_EQ(read(Isolation::kReadUncommitted), (std::vector<std::string>{"a1", "a2", "b1", "plain", "a3"}));
}

TEST_F(ClientTransactions, AnOpenOneIsKnownByItsCoordinator) {
  begin("a", {"a1"});
  auto listed = list_transactions(*cluster);
  ASSERT_TRUE(listed) << listed.error().message;
  ASSERT_EQ(listed->size(), 1u);
  EXPECT_EQ((*listed)[0].state, "Ongoing");
  auto known = describe_transaction(*cluster, "a");
  ASSERT_TRUE(known) << known.error().message;
  EXPECT_TRUE(known->started);
  EXPECT_EQ(known->partitions, std::set<TopicPartition>{partition});
  auto open = open_transactions(*cluster, {partition}, broker.sim.clock().now());
  ASSERT_TRUE(open) << open.error().message;
  ASSERT_EQ(open->size(), 1u);
  EXPECT_EQ((*open)[0].verdict, Verdict::kOpen);
  EXPECT_EQ((*open)[0].producer.transaction_start, Offset{0});
  WallTime much_later{broker.sim.clock().now().value + 60'000 + kOverdueGraceMs + 1};
  EXPECT_EQ(open_transactions(*cluster, {partition}, much_later)->at(0).verdict, Verdict::kOverdue);
}

TEST_F(ClientTransactions, FencingAProducerAbortsWhatItHasOpen) {
  begin("a", {"a1"});
  produce("", {"plain"});
  Status fenced = fence_producer(*cluster, "a");
  ASSERT_TRUE(fenced) << fenced.error().message;
  EXPECT_EQ(read(Isolation::kReadCommitted), (std::vector<std::string>{"plain"}));
  EXPECT_TRUE(open_transactions(*cluster, {partition}, broker.sim.clock().now())->empty());
  EXPECT_EQ(describe_transaction(*cluster, "b").error().code, Errc::kNotFound);
}

TEST_F(ClientTransactions, AMarkerEndsWhatIsOpenInOnePartition) {
  begin("a", {"a1"});
  produce("", {"plain"});
  auto open = open_transactions(*cluster, {partition}, broker.sim.clock().now());
  ASSERT_TRUE(open);
  Status aborted = abort_in_partition(*cluster, partition, open->at(0).producer);
  ASSERT_TRUE(aborted) << aborted.error().message;
  EXPECT_EQ(read(Isolation::kReadCommitted), (std::vector<std::string>{"plain"}));
}

}  // namespace
}  // namespace leat
