#include "log/recovery_point.h"

#include <charconv>

#include "base/crc32c.h"
#include "log/files.h"

namespace leat {
namespace {

constexpr BytesView kFirstLine = "leat recovery-point 1\n";
constexpr const char* kPreparedName = "recovery-point.next";

template <class... Numbers>
void put_line(Bytes& out, BytesView word, Numbers... numbers) {
  out += word;
  ((out += ' ', out += std::to_string(numbers)), ...);
  out += '\n';
}

// Takes " 123" off the front.
template <class T>
bool take_number(BytesView& line, T& out) {
  if (line.empty() || line.front() != ' ') return false;
  auto [end, error] = std::from_chars(line.data() + 1, line.data() + line.size(), out);
  if (error != std::errc()) return false;
  line.remove_prefix(static_cast<size_t>(end - line.data()));
  return true;
}

template <class... Numbers>
bool take_line(BytesView line, BytesView word, Numbers&... numbers) {
  if (!line.starts_with(word)) return false;
  line.remove_prefix(word.size());
  return (take_number(line, numbers) && ...) && line.empty();
}

bool take(BytesView line, RecoveryPoint& point) {
  if (take_line(line, "start", point.start.value) || take_line(line, "clean", point.clean_end.value)) return true;
  RecoveryPoint::Segment segment;
  segment.compacted = line.starts_with("compacted ");
  if (take_line(line, segment.compacted ? "compacted" : "segment", segment.base.value, segment.end.value, segment.bytes,
                segment.newest.value, segment.kept_since.value)) {
    point.segments.push_back(segment);
    return true;
  }
  Offset swap;
  if (take_line(line, "swap", swap.value)) {
    point.swaps.push_back(swap);
    return true;
  }
  OpenTransaction open;
  if (take_line(line, "open", open.producer_id, open.producer_epoch, open.first.value)) {
    point.open.push_back(open);
    return true;
  }
  AbortedTransaction aborted;
  if (take_line(line, "aborted", aborted.producer_id, aborted.first.value, aborted.last.value)) {
    point.aborted.push_back(aborted);
    return true;
  }
  LeaderEpochs::Epoch epoch;
  if (take_line(line, "epoch", epoch.epoch, epoch.start.value)) {
    point.epochs.begin(epoch.epoch, epoch.start);
    return true;
  }
  ProducerState producer;
  if (take_line(line, "producer", producer.producer_id, producer.epoch, producer.last_seen.value)) {
    point.producers.push_back(producer);
    return true;
  }
  ProducerState::Batch batch;  // Of the producer before it.
  if (take_line(line, "batch", batch.first_sequence, batch.last_sequence, batch.first.value, batch.last.value,
                batch.timestamp.value)) {
    if (!point.producers.empty()) point.producers.back().batches.push_back(batch);
    return !point.producers.empty();
  }
  return false;
}

bool parse(BytesView text, RecoveryPoint& point) {
  size_t last_line = text.rfind("\ncrc ");
  if (!text.starts_with(kFirstLine) || last_line == BytesView::npos || text.back() != '\n') return false;
  BytesView body = text.substr(0, last_line + 1);
  BytesView seal = text.substr(last_line + 1);
  seal.remove_suffix(1);
  uint32_t crc = 0;
  if (!take_line(seal, "crc", crc) || crc != crc32c(body)) return false;
  body.remove_prefix(kFirstLine.size());
  while (!body.empty()) {
    size_t end = body.find('\n');
    if (!take(body.substr(0, end), point)) return false;
    body.remove_prefix(end + 1);
  }
  return !point.segments.empty();
}

Bytes text_of(const RecoveryPoint& point) {
  Bytes text(kFirstLine);
  put_line(text, "start", point.start.value);
  if (point.clean_end.value > 0) put_line(text, "clean", point.clean_end.value);
  for (Offset swap : point.swaps) put_line(text, "swap", swap.value);
  for (const RecoveryPoint::Segment& segment : point.segments) {
    put_line(text, segment.compacted ? "compacted" : "segment", segment.base.value, segment.end.value, segment.bytes,
             segment.newest.value, segment.kept_since.value);
  }
  for (const OpenTransaction& transaction : point.open) {
    put_line(text, "open", transaction.producer_id, transaction.producer_epoch, transaction.first.value);
  }
  for (const AbortedTransaction& transaction : point.aborted) {
    put_line(text, "aborted", transaction.producer_id, transaction.first.value, transaction.last.value);
  }
  for (const ProducerState& producer : point.producers) {
    put_line(text, "producer", producer.producer_id, producer.epoch, producer.last_seen.value);
    for (const auto& batch : producer.batches) {
      put_line(text, "batch", batch.first_sequence, batch.last_sequence, batch.first.value, batch.last.value,
               batch.timestamp.value);
    }
  }
  for (const auto& epoch : point.epochs.all()) put_line(text, "epoch", epoch.epoch, epoch.start.value);
  put_line(text, "crc", crc32c(text));
  return text;
}

}  // namespace

Result<std::optional<RecoveryPoint>> RecoveryPoint::load(FileSystem& files, const std::string& directory) {
  std::string path = directory + "/" + kFileName;
  auto text = read_whole(files, path);
  if (!text && text.error().code == Errc::kNotFound) return std::optional<RecoveryPoint>();
  if (!text) return text.error();
  RecoveryPoint point;
  if (!parse(*text, point)) {
    return corruption(path, 0,
                      "the file is damaged; restore it, or remove it to have the whole partition read again "
                      "(records that were deleted from its front may then come back)");
  }
  return std::optional<RecoveryPoint>(std::move(point));
}

Status RecoveryPoint::save(FileSystem& files, const std::string& directory) const {
  return replace_file(files, directory, kFileName, text_of(*this));
}

Status RecoveryPoint::prepare(FileSystem& files, const std::string& directory) const {
  return write_synced(files, directory + "/" + kPreparedName, text_of(*this));
}

Status RecoveryPoint::adopt_prepared(FileSystem& files, const std::string& directory) {
  return files.rename(directory + "/" + kPreparedName, directory + "/" + kFileName);
}

}  // namespace leat
