#include "connect/file_partition.h"

#include <algorithm>

namespace leat {
namespace {

constexpr size_t kSlotsPerThread = 3;

std::string_view name_of(std::string_view path) {
  size_t slash = path.rfind('/');
  return slash == std::string_view::npos ? path : path.substr(slash + 1);
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

FilePartition::FilePartition(int32_t number, const FileSourceShape& shape, Env& env, SourceStage stage)
    : number_(number), shape_(shape), env_(env), stage_(std::move(stage)), reader_(env.files, *shape.splitter) {}

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
    position_.file = slot.block.file;
    position_.offset = slot.block.offset + slot.block.size;
    position_.at_end = slot.block.last;
    position_.line = slot.block.line + slot.block.lines;
    if (slot.block.last) finished_.push_back(slot.block.file);
    idle_decoders_.push_back(std::move(slot.decoder));
    ring_.pop_front();
  }
}

Status FilePartition::fill() {
  size_t slots = std::max<size_t>(1, static_cast<size_t>(env_.workers.threads()) * kSlotsPerThread);
  while (ring_.size() < slots) {
    TRY_ASSIGN(auto block, reader_.next());
    if (!block) return {};
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
    slot.positions.push_back({slot.block.file, slot.block.offset + slot.block.size, slot.block.line, true});
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
    FilePosition after{slot.block.file, slot.block.offset + bytes.size(), slot.block.line, last && slot.block.last};
    if (!last) after.offset = slot.block.offset + records[begin + count].offset;
    after.line += last ? slot.block.lines : records[begin + count].line;
    slot.positions.push_back(std::move(after));
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
  for (const Field& field : shape_.metadata) {
    out.batch.columns.push_back(metadata_column(field, block, out.batch.rows));
  }
  for (DecodeFailure& failure : decoded.failures) {
    out.bad.push_back({origin(failure.record), std::move(failure.reason), std::move(failure.message)});
  }
  if (!out.bad.empty()) out.owners.push_back(owner);
  if (stage_) stage_(out);
  slot.batches.push_back(std::move(out));
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

ColumnPtr FilePartition::metadata_column(const Field& field, const LineBlock& block, uint32_t rows) const {
  Value value;
  if (field.name == "file.path") value.data = block.file;
  if (field.name == "file.name") value.data = std::string(name_of(block.file));
  auto info = env_.files.stat(block.file);
  if (info && field.name == "file.size") value.data = static_cast<int64_t>(info->size);
  if (info && field.name == "file.modification-time") value.data = info->modified.value * 1000;
  return Column::constant(field.type, value, rows);
}

}  // namespace leat
