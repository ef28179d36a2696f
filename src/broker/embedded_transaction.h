#pragma once
#include <functional>

#include "broker/partition_logs.h"
#include "log/record_batch_builder.h"

namespace leat {

// What it writes stands behind the committed ends of the partitions until the journal says otherwise.
class EmbeddedTransaction final : public Transaction {
 public:
  // `after_commit`: what the home does between two transactions.
  EmbeddedTransaction(Journal& journal, PartitionLogs& logs, std::function<Status()> after_commit)
      : journal_(journal), logs_(logs), after_commit_(std::move(after_commit)) {}
  ~EmbeddedTransaction() override { (void)abort(); }

  Status send(const TopicPartition&, Record) override;
  Status send_offset(std::string_view group, const TopicPartition&, Offset, std::string_view metadata) override;
  Status commit() override;
  Status abort() override;

 private:
  struct Writer {
    std::shared_ptr<PartitionLog> log;
    RecordBatchBuilder builder;
  };
  Result<Writer*> writer_of(const TopicPartition&);
  Status flush(Writer&);

  Journal& journal_;
  PartitionLogs& logs_;
  std::function<Status()> after_commit_;
  std::map<TopicPartition, Writer> writers_;
  HomeState::Positions positions_;
};

}  // namespace leat
