#include "connect/file_partition.h"

#include <algorithm>

#include "connect/file_facts.h"

namespace leat {
namespace {

constexpr size_t kAheadBytesMax = 8u << 20;  // Blocks are small; only long lines come to this.

FilePosition end_of(const LineBlock& block) {
  return {block.file, block.offset + block.size + block.skipped, block.line + block.lines, block.last};
}

}  // namespace

struct FilePartition::Slot {
  LineBlock block;
  std::unique_ptr<RowDecoder> decoder;
  std::vector<SourceBatch> batches;
  std::vector<FilePosition> positions;  // After each batch.
  size_t next = 0;
  uint64_t ticket = 0;
  bool waited = false;
};

FilePartition::FilePartition(int32_t number, const FileSourceShape& shape, Env env, SourceStage stage)
    : number_(number),
      shape_(shape),
      env_(env),
      stage_(std::move(stage)),
      blocks_ahead_(shape.blocks_ahead),
      reader_(env.files, *shape.splitter, shape.block_bytes) {}

FilePartition::~FilePartition() {
  for (auto& slot : ring_) {
    if (!slot->waited) env_.workers.wait(slot->ticket);
  }
}

void FilePartition::seek(FilePosition position) {
  position_ = position;
  reader_.seek(std::move(position));
}

Result<std::optional<SourceBatch>> FilePartition::next() {
  while (true) {
    TRY(fill());
    if (ring_.empty()) return std::optional<SourceBatch>();
    Slot& slot = *ring_.front();
    if (!slot.waited) {
      env_.workers.wait(slot.ticket);
      slot.waited = true;
    }
    if (slot.next < slot.batches.size()) {
      position_ = slot.positions[slot.next];
      return std::optional<SourceBatch>(std::move(slot.batches[slot.next++]));
    }
    // The block is used up, rows or not.
    bytes_read_ += slot.block.size;
    ahead_bytes_ -= slot.block.size;
    position_ = end_of(slot.block);
    if (slot.block.last) finished_.push_back(slot.block.file);
    idle_decoders_.push_back(std::move(slot.decoder));
    ring_.pop_front();
  }
}

Status FilePartition::fill() {
  while (ring_.size() < blocks_ahead_ && ahead_bytes_ < kAheadBytesMax) {
    TRY_ASSIGN(auto block, reader_.next());
    if (!block) return {};
    ahead_bytes_ += block->size;
    auto slot = std::make_unique<Slot>();
    slot->block = std::move(*block);
    if (idle_decoders_.empty()) {
      slot->decoder = shape_.make_decoder();
    } else {
      slot->decoder = std::move(idle_decoders_.back());
      idle_decoders_.pop_back();
    }
    ring_.push_back(std::move(slot));
    Slot& submitted = *ring_.back();
    submitted.ticket = env_.workers.submit([this, &submitted] { decode(submitted); });
  }
  return {};
}

void FilePartition::decode(Slot& slot) const {
  if (slot.block.damage_reason) {
    slot.batches.push_back(damage_batch(slot.block));
    slot.positions.push_back(end_of(slot.block));
    return;
  }
  BytesView bytes = slot.block.view();
  bool marked = slot.block.offset == 0 && bytes.starts_with("\xef\xbb\xbf");
  std::vector<RawRecord> records;
  shape_.splitter->split(bytes, records);
  if (marked && !records.empty()) records[0].bytes.remove_prefix(3);
  for (size_t begin = 0; begin < records.size(); begin += shape_.batch_rows) {
    size_t count = std::min<size_t>(shape_.batch_rows, records.size() - begin);
    decode_records(slot, std::span(records).subspan(begin, count));
    bool last = begin + count == records.size();
    if (last) {
      slot.positions.push_back(end_of(slot.block));
    } else {
      const RawRecord& next = records[begin + count];
      slot.positions.push_back({slot.block.file, slot.block.offset + next.offset, slot.block.line + next.line, false});
    }
  }
}

void FilePartition::decode_records(Slot& slot, std::span<const RawRecord> records) const {
  const LineBlock& block = slot.block;
  std::vector<BytesView> raw;
  raw.reserve(records.size());
  for (const RawRecord& record : records) raw.push_back(record.bytes);
  std::shared_ptr<const void> owner = block.bytes;
  Decoded decoded = slot.decoder->decode(raw, owner);

  auto origin = [&](uint32_t record) {
    const RawRecord& r = records[record];
    return Provenance::Row{r.bytes, block.offset + r.offset, block.line + r.line};
  };
  SourceBatch out;
  out.partition = number_;
  out.file = block.file;
  auto provenance = std::make_shared<Provenance>();
  provenance->table = shape_.table;
  provenance->file = block.file;
  provenance->partition = number_;
  provenance->owners = {owner};
  provenance->rows.reserve(decoded.good.size());
  for (uint32_t record : decoded.good) provenance->rows.push_back(origin(record));
  out.batch.rows = static_cast<uint32_t>(decoded.good.size());
  out.batch.columns = std::move(decoded.columns);
  out.batch.provenance = std::move(provenance);
  for (DecodeFailure& failure : decoded.failures) {
    out.bad.push_back({origin(failure.record), std::move(failure.reason), std::move(failure.message)});
  }
  add_file_facts(out, block);
  if (!out.bad.empty()) out.owners.push_back(owner);
  if (stage_) stage_(out);
  slot.batches.push_back(std::move(out));
}

// The columns that the file has as a whole. Without them none of its rows can be used.
void FilePartition::add_file_facts(SourceBatch& read, const LineBlock& block) const {
  Batch& batch = read.batch;
  for (const auto& column : shape_.path_columns) {
    auto value = path_value(column.field, block.file, shape_.null_name, shape_.settings);
    if (!value) {
      for (const Provenance::Row& row : batch.provenance->rows) {
        read.bad.push_back({row, "file.partition", value.error().message});
      }
      std::stable_sort(read.bad.begin(), read.bad.end(),
                       [](const BadRow& a, const BadRow& b) { return a.row.position < b.row.position; });
      batch.rows = 0;
      return;
    }
    auto place = batch.columns.begin() + static_cast<std::ptrdiff_t>(column.place);
    batch.columns.insert(place, Column::constant(column.field.type, *value, batch.rows));
  }
  for (const Field& key : shape_.metadata) {
    Value value = file_metadata(key, block.file, block.info);
    batch.columns.push_back(Column::constant(key.type, value, batch.rows));
  }
}

SourceBatch FilePartition::damage_batch(const LineBlock& block) const {
  SourceBatch out;
  out.partition = number_;
  out.file = block.file;
  auto provenance = std::make_shared<Provenance>();
  provenance->table = shape_.table;
  provenance->file = block.file;
  out.batch.provenance = std::move(provenance);
  out.bad.push_back({{block.view(), block.offset, block.line}, *block.damage_reason, block.damage});
  out.owners.push_back(block.bytes);
  if (stage_) stage_(out);
  return out;
}

}  // namespace leat
