#pragma once
// RowBag: the rows of a window themselves, as an aggregate, so that session windows without aggregation are like
// others.
#include "stream/aggregate.h"

namespace leat {

struct BaggedRow {
  int64_t order;  // Of arrival.
  Bytes row;      // As append_row() writes it.
};

std::unique_ptr<Aggregate> make_row_bag();
const std::vector<BaggedRow>& bagged_rows(const char* state);

}  // namespace leat
