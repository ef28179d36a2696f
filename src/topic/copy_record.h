#pragma once
#include "topic/topic.h"

namespace leat {

// A record that owns its bytes, of a view of one in a batch (log/record_reader.h, which this port does not know).
template <class View>
ConsumedRecord copy_record(const View& from) {
  ConsumedRecord out;
  out.offset = from.offset;
  out.record.timestamp = from.timestamp;
  if (from.key) out.record.key = Bytes(*from.key);
  if (from.value) out.record.value = Bytes(*from.value);
  for (const auto& header : from.headers) {
    out.record.headers.push_back({std::string(header.key), Bytes(header.value.value_or(BytesView()))});
  }
  return out;
}

}  // namespace leat
