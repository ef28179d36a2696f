#include "job/job_log.h"

#include <algorithm>
#include <utility>

#include "columnar/value.h"
#include "job/job.h"

namespace leat {
namespace {

constexpr size_t kReadBytes = 4 << 20;
constexpr BytesView kAbandoned = "abandoned";
constexpr TopicConfig kForEver{.partitions = 1, .retention_ms = -1, .retention_bytes = -1};

Status create_if_absent(Topics& topics, const std::string& name) {
  Status created = topics.admin().create_topic(name, kForEver);
  if (!created && created.error().code != Errc::kAlreadyExists) return created;
  return {};
}

}  // namespace

Bytes JobHeader::encode() const {
  Bytes out;
  ValueWriter writer(out);
  writer.int64(checkpoint.value);
  writer.int64(at.value);
  writer.boolean(finished);
  writer.bytes(run);
  writer.bytes(plan);
  writer.int64(static_cast<int64_t>(settings.size()));
  for (const auto& [name, value] : settings) {
    writer.bytes(name);
    writer.bytes(value);
  }
  return out;
}

Result<JobHeader> JobHeader::decode(BytesView in) {
  ValueReader reader(in);
  auto next_int = [&reader] { return reader.present() ? reader.int64() : 0; };
  auto next_text = [&reader] { return reader.present() ? std::string(reader.bytes()) : std::string(); };
  JobHeader out;
  out.checkpoint = CheckpointId{next_int()};
  out.at = WallTime{next_int()};
  out.finished = reader.present() && reader.boolean();
  out.run = next_text();
  out.plan = next_text();
  for (int64_t left = next_int(); left > 0 && !reader.at_end(); --left) {
    std::string name = next_text();
    out.settings.emplace_back(std::move(name), next_text());
  }
  return out;
}

JobLog::~JobLog() {
  if (committing_) env_.workers.wait(ticket_);
}

std::string JobLog::topic_of(const std::string& job) {
  return "job." + job;
}

Result<std::unique_ptr<JobLog>> JobLog::open(Env env, Topics& topics, const std::string& job, uint64_t bytes) {
  TRY(create_if_absent(topics, topic_of(job)));
  return std::unique_ptr<JobLog>(new JobLog(env, topics, job, bytes));
}

// The mark stands beside the topic and not in it, so that it outlives the topic.
Status JobLog::set_abandoned(bool abandoned) {
  TRY(begin());
  TRY(transaction_->send_offset(partition_.topic, partition_, {}, abandoned ? kAbandoned : ""));
  return commit(false);
}

Status JobLog::abandon() {
  return set_abandoned(true);
}

Result<bool> JobLog::abandoned() {
  TRY_ASSIGN(auto mark, topics_.committed(partition_.topic, partition_));
  return mark && mark->metadata == kAbandoned;
}

Status JobLog::start_over() {
  TRY(forget_job(topics_, job_));
  letter_topics_.clear();
  TRY(create_if_absent(topics_, partition_.topic));
  TRY_ASSIGN(bool marked, abandoned());
  return marked ? set_abandoned(false) : Status();
}

Result<std::optional<JobHeader>> JobLog::first_header() {
  TRY_ASSIGN(TopicDescription description, topics_.admin().describe_topic(partition_.topic));
  TRY_ASSIGN(auto consumer, topics_.consumer(partition_, description.partitions[0].start));
  TRY_ASSIGN(auto records, consumer->poll(1));
  if (records.empty()) return std::optional<JobHeader>();
  const Record& record = records[0].record;
  if (record.key != kHeaderKey || !record.value) {
    return Error{Errc::kCorruption, partition_.topic + " does not begin with a job's header"};
  }
  TRY_ASSIGN(JobHeader header, JobHeader::decode(*record.value));
  return std::optional<JobHeader>(std::move(header));
}

Status JobLog::replay(const Visit& visit) {
  TRY_ASSIGN(TopicDescription description, topics_.admin().describe_topic(partition_.topic));
  TRY_ASSIGN(auto consumer, topics_.consumer(partition_, description.partitions[0].start));
  while (true) {
    TRY_ASSIGN(auto records, consumer->poll(kReadBytes));
    if (records.empty()) return {};
    for (const ConsumedRecord& consumed : records) {
      const Record& record = consumed.record;
      if (!record.key) {
        return Error{Errc::kCorruption, partition_.topic + ", offset " + std::to_string(consumed.offset.value) +
                                            ": a record without a key was not written by a job"};
      }
      bytes_since_full_ += record.key->size() + (record.value ? record.value->size() : 0);
      TRY(visit(*record.key, record.value ? std::optional<BytesView>(*record.value) : std::nullopt));
    }
  }
}

Status JobLog::begin() {
  if (transaction_) return {};
  TRY_ASSIGN(transaction_, topics_.transaction("job." + job_));
  bytes_in_transaction_ = 0;
  began_at_ = env_.clock.wall();  // Of every record: asking for each costs more than writing it.
  return {};
}

Status JobLog::send(BytesView key, std::optional<BytesView> value) {
  TRY(begin());
  Record record;
  record.key = Bytes(key);
  if (value) record.value = Bytes(*value);
  record.timestamp = began_at_;
  bytes_in_transaction_ += key.size() + (value ? value->size() : 0);
  return transaction_->send(partition_, std::move(record));
}

Status JobLog::put(BytesView key, BytesView value) {
  return send(key, value);
}

Status JobLog::erase(BytesView key) {
  return send(key, std::nullopt);
}

Status JobLog::add_letter(const std::string& topic, int32_t partition, Record record) {
  if (committing_) {
    waiting_bytes_ += sizeof(Letter) + (record.value ? record.value->size() : 0);
    waiting_.push_back({topic, partition, std::move(record)});
    return waiting_bytes_ < kWaitingBytesMax ? Status{} : finish_commit();
  }
  TRY(begin());
  if (!letter_topics_.contains(topic)) {
    TRY(create_if_absent(topics_, topic));
    letter_topics_.insert(topic);
  }
  return transaction_->send({topic, PartitionId{partition}}, std::move(record));
}

Status JobLog::commit(bool full) {
  TRY(finish_commit());
  return decide(full);
}

void JobLog::start_commit(bool full) {
  CHECK(!committing_);
  committing_ = true;
  ticket_ = env_.workers.submit_aside([this, full] { decided_ = decide(full); });
}

Status JobLog::finish_commit() {
  if (!committing_) return {};
  env_.workers.wait(ticket_);
  committing_ = false;
  waiting_bytes_ = 0;
  TRY(std::exchange(decided_, {}));
  for (Letter& letter : std::exchange(waiting_, {})) {
    TRY(add_letter(letter.topic, letter.partition, std::move(letter.record)));
  }
  return {};
}

Status JobLog::decide(bool full) {
  TRY(begin());
  Offset before{};
  if (full) {
    // One writer: what stands in the log now is all that precedes this transaction's state. Uncommitted letters of the
    // same transaction are in other topics.
    TRY_ASSIGN(TopicDescription description, topics_.admin().describe_topic(partition_.topic));
    before = description.partitions[0].last_stable;
  }
  TRY(transaction_->commit());
  transaction_.reset();
  bytes_since_full_ += bytes_in_transaction_;
  if (!full) return {};
  bytes_since_full_ = bytes_in_transaction_;
  full_bytes_threshold_ = std::max(full_bytes_min_, 3 * bytes_in_transaction_);
  return topics_.admin().delete_records(partition_, before);
}

}  // namespace leat
