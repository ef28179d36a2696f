#include "columnar/batch.h"

namespace leat {
namespace {

template <class T>
std::vector<T> pick(const std::vector<T>& from, std::span<const uint32_t> chosen) {
  std::vector<T> out;
  if (from.empty()) return out;
  out.reserve(chosen.size());
  for (uint32_t row : chosen) out.push_back(from[row]);
  return out;
}

}  // namespace

Batch Batch::gather(std::span<const uint32_t> chosen) const {
  Batch out;
  out.rows = static_cast<uint32_t>(chosen.size());
  out.columns.reserve(columns.size());
  // The same column may stand in several places; it is gathered once.
  for (size_t i = 0; i < columns.size(); ++i) {
    size_t earlier = 0;
    while (columns[earlier] != columns[i]) ++earlier;
    out.columns.push_back(earlier < i ? out.columns[earlier] : columns[i] ? columns[i]->gather(chosen) : nullptr);
  }
  out.kinds = pick(kinds, chosen);
  out.watermarks = pick(watermarks, chosen);
  out.provenance = provenance;
  if (provenance) {
    out.origin_rows =
        origin_rows.empty() ? std::vector<uint32_t>(chosen.begin(), chosen.end()) : pick(origin_rows, chosen);
  }
  return out;
}

Batch Batch::with_columns(std::vector<ColumnPtr> replaced) const {
  Batch out;
  out.rows = rows;
  out.columns = std::move(replaced);
  out.kinds = kinds;
  out.watermarks = watermarks;
  out.provenance = provenance;
  out.origin_rows = origin_rows;
  return out;
}

}  // namespace leat
