#include "broker/embedded_transaction.h"

namespace leat {
namespace {

constexpr size_t kBatchBytes = 256 * 1024;
constexpr uint64_t kTransactionBytesMax = uint64_t{3} << 30;  // A segment's index counts bytes in 32 bits.

}  // namespace

Result<EmbeddedTransaction::Writer*> EmbeddedTransaction::writer_of(const TopicPartition& partition) {
  auto found = writers_.find(partition);
  if (found != writers_.end()) return &found->second;
  Writer writer;
  TRY_ASSIGN(writer.log, logs_.claim(partition));
  return &writers_.emplace(partition, std::move(writer)).first->second;
}

Status EmbeddedTransaction::send(const TopicPartition& partition, Record record) {
  TRY_ASSIGN(Writer * writer, writer_of(partition));
  auto view = [](const std::optional<Bytes>& bytes) { return bytes ? std::optional<BytesView>(*bytes) : std::nullopt; };
  std::vector<HeaderView> headers;
  for (const Header& header : record.headers) headers.push_back({header.key, header.value});
  writer->builder.add(record.timestamp, view(record.key), view(record.value), headers);
  return writer->builder.size_bytes() >= kBatchBytes ? flush(*writer) : Status{};
}

Status EmbeddedTransaction::send_offset(std::string_view group, const TopicPartition& partition, Offset offset,
                                        std::string_view metadata) {
  positions_[{std::string(group), partition}] = {offset, std::string(metadata)};
  return {};
}

Status EmbeddedTransaction::flush(Writer& writer) {
  if (writer.builder.empty()) return {};
  if (writer.log->active_bytes() > kTransactionBytesMax) {
    return Error{Errc::kInvalidArgument, writer.log->directory() + ": a transaction wrote over 3 GB to one partition"};
  }
  TRY(writer.log->append(writer.builder.finish(BatchStamp{})));
  writer.builder.clear();
  return {};
}

Status EmbeddedTransaction::commit() {
  HomeState::Ends ends;
  for (auto& [partition, writer] : writers_) {
    TRY(flush(writer));
    TRY(writer.log->sync());
    ends[partition] = writer.log->end();
  }
  Status decided = decide(journal_, HomeState::Commit{std::move(ends), std::move(positions_)});
  // After an error nobody knows: the partitions stay claimed, and what was written stays until the home is opened
  // again.
  if (decided) {
    for (const auto& [partition, writer] : writers_) logs_.release(partition);
  }
  writers_.clear();
  positions_.clear();
  TRY(decided);
  return after_commit_();
}

Status EmbeddedTransaction::abort() {
  for (const auto& [partition, writer] : writers_) logs_.discard(partition);
  writers_.clear();
  positions_.clear();
  return {};
}

}  // namespace leat
