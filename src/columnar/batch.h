#pragma once
// Batch: up to kBatchRowsMax rows in columns, the only shape in which data moves between operators. A batch holds what
// arrived since the task last ran; nothing ever waits for one to fill, so batching costs no latency.
#include <memory>
#include <span>
#include <vector>

#include "columnar/column.h"

namespace leat {

inline constexpr uint32_t kBatchRowsMax = 1024;

// What a row does to the result it belongs to (Flink's RowKind).
enum class RowKind : uint8_t { kInsert, kUpdateBefore, kUpdateAfter, kDelete };
inline bool adds(RowKind kind) {
  return kind == RowKind::kInsert || kind == RowKind::kUpdateAfter;
}

// Where the rows of a batch came from, for their dead letters. Made by a source for the rows of one read; batches that
// are filtered or projected from it share it and say by `Batch::origin_rows` which of its rows they hold.
struct Provenance {
  struct Row {
    BytesView raw;      // The record's original bytes, without the line end.
    uint64_t position;  // Offset in the source's partition: for files the byte position in the concatenation.
    uint64_t line;      // 1-based within its file; 0 where lines mean nothing.
  };
  std::string table;      // The table's name in the script.
  std::string file;       // Empty where there is none.
  int32_t partition = 0;  // Of the source.
  std::vector<Row> rows;
  std::vector<std::shared_ptr<const void>> owners;  // Of the raw bytes.
};

struct Batch {
  uint32_t rows = 0;
  std::vector<ColumnPtr> columns;
  std::vector<RowKind> kinds;  // Empty: every row is kInsert.
  // For each row the event-time watermark (ms) of the rows before it: what its lateness is judged by. Empty where time
  // means nothing. Never decreases within an edge.
  std::vector<int64_t> watermarks;
  std::shared_ptr<const Provenance> provenance;  // Null for rows that no source read (results of an aggregate).
  std::vector<uint32_t> origin_rows;             // Row -> provenance row; empty: the same number.

  RowKind kind(uint32_t row) const { return kinds.empty() ? RowKind::kInsert : kinds[row]; }
  const Provenance::Row* origin(uint32_t row) const {
    return provenance ? &provenance->rows[origin_rows.empty() ? row : origin_rows[row]] : nullptr;
  }
  // The chosen rows, in that order, with everything that belongs to them.
  Batch gather(std::span<const uint32_t> chosen) const;
  // The same rows with other columns.
  Batch with_columns(std::vector<ColumnPtr> replaced) const;
};

}  // namespace leat
