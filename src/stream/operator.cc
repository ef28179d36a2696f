#include "stream/operator.h"

#include <array>
#include <numeric>

namespace leat {

Status Operator::restore(BytesView, std::optional<BytesView>) {
  check_failed(__FILE__, __LINE__, "a stateless operator has nothing to restore");
}

std::vector<uint32_t> bury_failed(const Batch& batch, Selection selection, RowErrors& errors,
                                  OperatorContext& context) {
  std::vector<uint32_t> alive;
  alive.reserve(selection.size());
  auto next = selection.begin();
  for (RowError& error : errors.take_sorted()) {
    while (next != selection.end() && *next < error.row) alive.push_back(*next++);
    if (next == selection.end() || *next != error.row) continue;
    ++next;
    ++context.account.dead;
    DeadLetter letter =
        letter_for(batch, error.row, DeadLetterClass::kData, std::move(error.reason), std::move(error.message));
    letter.op = context.name;
    if (letter.table.empty()) letter.table = context.name;
    context.dead_letters.add(std::move(letter));
  }
  alive.insert(alive.end(), next, selection.end());
  return alive;
}

std::vector<uint32_t> all_rows(uint32_t rows) {
  std::vector<uint32_t> out(rows);
  std::iota(out.begin(), out.end(), 0U);
  return out;
}

Selection all_rows_view(uint32_t rows) {
  static const std::array<uint32_t, kBatchRowsMax> kRows = [] {
    std::array<uint32_t, kBatchRowsMax> out;
    std::iota(out.begin(), out.end(), 0U);
    return out;
  }();
  CHECK(rows <= kBatchRowsMax);
  return {kRows.data(), rows};
}

}  // namespace leat
