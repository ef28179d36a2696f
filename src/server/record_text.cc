#include "server/record_text.h"

#include "dlq/json_object.h"
#include "server/human.h"

namespace leat {
namespace {

Bytes as_json(int32_t partition, const ConsumedRecord& consumed) {
  const Record& record = consumed.record;
  Bytes text;
  JsonObject out(text);
  out.number("partition", partition);
  out.number("offset", consumed.offset.value);
  out.time("timestamp", record.timestamp.value);
  out.raw("headers", headers_to_json(record.headers));
  out.bytes("key", record.key);
  out.bytes("value", record.value);
  out.close();
  return text;
}

}  // namespace

Bytes record_line(int32_t partition, const ConsumedRecord& consumed, const RecordStyle& style) {
  if (style.json) return as_json(partition, consumed);
  const Record& record = consumed.record;
  Bytes out;
  if (style.headers) {
    for (const Header& header : record.headers) out += (out.empty() ? "" : ",") + header.key + "=" + header.value;
    out += '\t';
  }
  if (style.key) out += record.key.value_or("") + style.key_separator;
  out += record.value.value_or("");
  return style.printable ? Bytes(printable_text(out)) : out;
}

}  // namespace leat
