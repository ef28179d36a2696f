#include "columnar/nested.h"

#include <unordered_map>

namespace leat {

std::vector<Value> decode_row(BytesView bytes, const DataType& row) {
  ValueReader reader(bytes);
  std::vector<Value> out;
  out.reserve(row.children->size());
  for (const Field& field : *row.children) out.push_back(reader.value(field.type.physical()));
  return out;
}

int64_t nested_size(BytesView bytes) {
  ValueReader reader(bytes);
  CHECK(reader.present());
  return reader.int64();
}

std::vector<Value> decode_array(BytesView bytes, const DataType& element) {
  ValueReader reader(bytes);
  CHECK(reader.present());
  const int64_t count = reader.int64();
  std::vector<Value> out;
  out.reserve(static_cast<size_t>(count));
  for (int64_t i = 0; i < count; ++i) out.push_back(reader.value(element.physical()));
  return out;
}

std::vector<std::pair<Value, Value>> decode_map(BytesView bytes, const DataType& key, const DataType& value) {
  ValueReader reader(bytes);
  CHECK(reader.present());
  const int64_t count = reader.int64();
  std::vector<std::pair<Value, Value>> out;
  out.reserve(static_cast<size_t>(count));
  for (int64_t i = 0; i < count; ++i) {
    Value entry_key = reader.value(key.physical());
    out.emplace_back(std::move(entry_key), reader.value(value.physical()));
  }
  return out;
}

Bytes encode_array(const std::vector<Value>& elements) {
  Bytes out;
  ValueWriter writer(out);
  writer.int64(static_cast<int64_t>(elements.size()));
  for (const Value& element : elements) writer.value(element);
  return out;
}

Bytes encode_map(std::vector<std::pair<Value, Value>> entries) {
  std::unordered_map<Bytes, size_t> places;
  size_t kept = 0;
  for (auto& entry : entries) {
    const auto [place, is_new] = places.emplace(encode_values({entry.first}), kept);
    if (!is_new) {
      entries[place->second].second = std::move(entry.second);
      continue;
    }
    if (&entries[kept] != &entry) entries[kept] = std::move(entry);
    ++kept;
  }
  Bytes out;
  ValueWriter writer(out);
  writer.int64(static_cast<int64_t>(kept));
  for (size_t i = 0; i < kept; ++i) {
    writer.value(entries[i].first);
    writer.value(entries[i].second);
  }
  return out;
}

}  // namespace leat
