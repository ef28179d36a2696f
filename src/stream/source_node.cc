#include "stream/source_node.h"

#include <algorithm>

namespace leat {
namespace {

// The watermark is kept in milliseconds: rounding down can only make it later, never lose a row.
int64_t floor_to_ms(int64_t micros) {
  return micros >= 0 ? micros / 1000 : -((-micros + 999) / 1000);
}

}  // namespace

Status SourceNode::open(Env env) {
  TRY(node_.source->open(SourceContext{env, node_.stage}));
  while (static_cast<int32_t>(tracker_.size()) < node_.source->partitions()) tracker_.add_input();
  return {};
}

Result<Poll> SourceNode::poll() {
  if (ended_) return Poll{Poll::Kind::kEnd, {}, {}};
  TRY_ASSIGN(Poll poll, node_.source->poll());
  while (static_cast<int32_t>(tracker_.size()) < node_.source->partitions()) tracker_.add_input();
  switch (poll.kind) {
    case Poll::Kind::kBatch:
      bury(poll.batch);
      judge_time(poll.batch);
      account_.rows_in += poll.batch.batch.rows;
      account_.passed += poll.batch.batch.rows;
      break;
    case Poll::Kind::kPartitionEnded:
      tracker_.advance(poll.batch.partition, kMaxEventTime);
      break;
    case Poll::Kind::kPartitionIdle:
      tracker_.mark_idle(poll.batch.partition);
      break;
    case Poll::Kind::kEnd:
      ended_ = true;
      break;
    case Poll::Kind::kNothing:
      break;
  }
  return poll;
}

void SourceNode::bury(const SourceBatch& read) {
  for (const BadRow& bad : read.bad) {
    DeadLetter letter;
    letter.cause = DeadLetterClass::kData;
    letter.reason = bad.reason;
    letter.message = bad.message;
    letter.op = node_.name;
    letter.table = read.batch.provenance ? read.batch.provenance->table : node_.name;
    letter.file = read.file;
    letter.line = bad.row.line;
    letter.partition = read.partition;
    letter.position = bad.row.position;
    letter.payload = Bytes(bad.row.raw);
    dead_letters_.add(std::move(letter));
  }
  account_.rows_in += static_cast<int64_t>(read.bad.size());
  account_.dead += static_cast<int64_t>(read.bad.size());
}

// Takes the watermark column off the batch and turns it into the watermark before each row.
void SourceNode::judge_time(SourceBatch& read) {
  Batch& batch = read.batch;
  if (!node_.has_watermark) return;
  CHECK(!batch.columns.empty());
  ColumnPtr expression = batch.columns.back();
  batch.columns.pop_back();
  if (batch.rows == 0) return;

  int64_t own = tracker_.input(read.partition).value;
  int64_t floor = tracker_.floor_without(read.partition).value;
  int64_t merged = tracker_.merged().value;
  batch.watermarks.resize(batch.rows);
  auto micros = expression->ints();
  int64_t own_micros = own == kMinEventTime.value ? own : own * 1000;
  for (uint32_t row = 0; row < batch.rows; ++row) {
    batch.watermarks[row] = merged;
    if (expression->valid(row) && micros[row] > own_micros) {
      own_micros = micros[row];
      own = floor_to_ms(own_micros);
      merged = std::max(merged, std::min(own, floor));
    }
  }
  if (own != kMinEventTime.value) tracker_.advance(read.partition, EventTime{own});
}

Bytes SourceNode::save() const {
  Bytes out;
  ValueWriter writer(out);
  writer.bytes(node_.source->position());
  writer.boolean(ended_);
  writer.int64(tracker_.merged().value);
  writer.int64(static_cast<int64_t>(tracker_.size()));
  for (size_t i = 0; i < tracker_.size(); ++i) writer.int64(tracker_.input(static_cast<int>(i)).value);
  return out;
}

Status SourceNode::restore(BytesView saved) {
  auto next_int = [](ValueReader& reader) { return reader.present() ? reader.int64() : 0; };
  ValueReader reader(saved);
  CHECK(reader.present());
  TRY(node_.source->seek(reader.bytes()));
  CHECK(reader.present());
  ended_ = reader.boolean();
  tracker_.restore_merged(EventTime{next_int(reader)});
  int64_t partitions = next_int(reader);
  for (int64_t i = 0; i < partitions; ++i) {
    if (i >= static_cast<int64_t>(tracker_.size())) tracker_.add_input();
    tracker_.restore(static_cast<int>(i), EventTime{next_int(reader)});
  }
  return {};
}

}  // namespace leat
