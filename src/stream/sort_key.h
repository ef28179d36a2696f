#pragma once
// Rows as bytes: an order key that compares with memcmp, and the row itself.
#include "columnar/batch.h"
#include "stream/operators.h"

namespace leat {

// Appends the columns of `keys` so that comparing the bytes compares the rows. No key is a prefix of another.
void append_sort_key(const std::vector<SortKey>& keys, const Batch&, uint32_t row, Bytes& out);

void append_row(const Batch&, uint32_t row, Bytes& out);  // The encoding of columnar/value.h.
// Rows that append_row() wrote, as one batch.
Batch read_rows(std::span<const BytesView> rows, const Schema&);

}  // namespace leat
