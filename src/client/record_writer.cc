#include "client/record_writer.h"

#include "protocol/init_producer_id.h"
#include "protocol/produce.h"

namespace leat::client {

using protocol::ErrorCode;
using protocol::InitProducerId;
using protocol::Produce;

// Of Austin Appleby's MurmurHash2, with the seed that Kafka's clients share; words are little-endian.
uint32_t murmur2(BytesView bytes) {
  constexpr uint32_t kSeed = 0x9747b28c, kMultiplier = 0x5bd1e995;
  uint32_t hash = kSeed ^ static_cast<uint32_t>(bytes.size());
  for (; bytes.size() >= 4; bytes.remove_prefix(4)) {
    uint32_t word = 0;
    std::memcpy(&word, bytes.data(), sizeof word);
    word *= kMultiplier;
    word ^= word >> 24;
    hash = (hash * kMultiplier) ^ (word * kMultiplier);
  }
  for (size_t i = bytes.size(); i > 0; --i) {
    hash ^= static_cast<uint32_t>(static_cast<uint8_t>(bytes[i - 1])) << (8 * (i - 1));
  }
  if (!bytes.empty()) hash *= kMultiplier;
  hash ^= hash >> 13;
  hash *= kMultiplier;
  return hash ^ (hash >> 15);
}

Result<std::unique_ptr<RecordWriter>> RecordWriter::open(Cluster& cluster, const std::string& topic, Codec codec) {
  TRY_ASSIGN(TopicInfo info, cluster.topic(topic));
  if (info.partitions.empty()) return Error{Errc::kIo, "topic '" + topic + "' has no partitions yet"};
  std::unique_ptr<RecordWriter> out(new RecordWriter(cluster, std::move(info), codec));
  InitProducerId::Request request;
  request.transactional_id.reset();
  request.transaction_timeout_ms = static_cast<int32_t>(cluster.options().timeout_ms);
  auto code_of = [](const InitProducerId::Response& response) { return response.error_code; };
  TRY_ASSIGN(auto answer, cluster.at_controller<InitProducerId>(request, code_of));
  TRY(kafka_status("InitProducerId", answer->error_code));
  out->producer_id_ = answer->producer_id;
  out->producer_epoch_ = answer->producer_epoch;
  return out;
}

int32_t RecordWriter::partition_of(const Record& record) const {
  if (!record.key) return loose_->first;
  auto number = (murmur2(*record.key) & 0x7fffffff) % topic_.partitions.size();
  return static_cast<int32_t>(number);
}

Status RecordWriter::write(const Record& record, std::optional<int32_t> partition) {
  int32_t number = partition.value_or(partition_of(record));
  if (!topic_.partitions.contains(number)) {
    return Error{Errc::kOutOfRange, "topic '" + topic_.name + "' has no partition " + std::to_string(number) +
                                        ": it has " + std::to_string(topic_.partitions.size())};
  }
  Pending& pending = pending_.try_emplace(number, Pending{RecordBatchBuilder(codec_)}).first->second;
  size_t size = record.key.value_or("").size() + record.value.value_or("").size();
  if (pending.records > 0 && pending.builder.size_bytes() + size > kBatchBytes) TRY(send(number, pending));
  pending.builder.add(record.timestamp, record.key, record.value, record.headers);
  ++pending.records;
  return {};
}

Status RecordWriter::flush() {
  for (auto& [number, pending] : pending_) {
    if (pending.records > 0) TRY(send(number, pending));
  }
  return {};
}

// Sent again, the batch has the same sequence: the broker knows what it has already.
Status RecordWriter::send(int32_t partition, Pending& pending) {
  Produce::Request request;
  request.acks = -1;
  request.timeout_ms = static_cast<int32_t>(cluster_.options().timeout_ms);
  auto& into = request.topic_data.emplace_back();
  into.name = topic_.name;
  into.topic_id = topic_.id;
  auto batch = pending.builder.finish({producer_id_, producer_epoch_, pending.sequence, false, false});
  into.partition_data.push_back({partition, Records{BytesView(batch.data(), batch.size()), {}}});
  auto code_of = [](const Produce::Response& response) {
    bool one = response.responses.size() == 1 && response.responses[0].partition_responses.size() == 1;
    int16_t code = one ? response.responses[0].partition_responses[0].error_code
                       : static_cast<int16_t>(ErrorCode::kUnknownServerError);
    return code == static_cast<int16_t>(ErrorCode::kDuplicateSequenceNumber) ? int16_t{0} : code;
  };
  TRY_ASSIGN(auto answer, cluster_.at_leader<Produce>({topic_.name, PartitionId{partition}}, request, code_of));
  int16_t code = code_of(*answer);
  if (code != 0) {
    std::optional<std::string> message;
    if (!answer->responses.empty() && !answer->responses[0].partition_responses.empty()) {
      message = answer->responses[0].partition_responses[0].error_message;
    }
    return kafka_error("Produce to '" + topic_.name + "' partition " + std::to_string(partition), code, message);
  }
  written_ += pending.records;
  // Sequences wrap (Kafka's DefaultRecordBatch.incrementSequence).
  pending.sequence = static_cast<int32_t>((int64_t{pending.sequence} + pending.records) & INT32_MAX);
  pending.records = 0;
  pending.builder.clear();
  if (loose_->first == partition && ++loose_ == topic_.partitions.end()) loose_ = topic_.partitions.begin();
  return {};
}

}  // namespace leat::client
