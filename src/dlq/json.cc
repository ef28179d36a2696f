#include "dlq/dead_letters.h"
#include "dlq/json_object.h"

namespace leat {
namespace {

void add_late_facts(JsonObject& out, const StoredLetter& letter) {
  out.time("watermark", *letter.watermark_ms);
  if (letter.late_ms) out.number("late_ms", *letter.late_ms);
  Bytes windows = "[";
  for (const auto& [start, end] : letter.windows) {
    if (windows.size() > 1) windows += ',';
    windows += '[';
    append_time(start, windows);
    windows += ',';
    append_time(end, windows);
    windows += ']';
  }
  windows += ']';
  out.raw("windows", windows);
}

}  // namespace

Bytes letter_to_json(const StoredLetter& letter) {
  Bytes text;
  JsonObject out(text);
  out.text("id", letter.id);
  out.text("topic", letter.topic);
  out.number("partition", letter.partition);
  out.number("offset", letter.offset.value);
  out.text("job", letter.job);
  out.text("table", letter.table);
  out.text("file", letter.file);
  out.number("line", static_cast<int64_t>(letter.line));
  out.text("class", letter.letter_class);
  out.text("reason", letter.reason);
  out.text("message", letter.message);
  out.text("operator", letter.op);
  out.number("retries", letter.retries);
  out.time("first_failure", letter.first_failure.value);
  out.time("last_failure", letter.last_failure.value);
  out.raw("headers", headers_to_json(letter.record.headers));
  out.bytes("key", letter.record.key);
  out.bytes("value", letter.record.value);
  if (letter.watermark_ms) add_late_facts(out, letter);
  out.close();
  return text;
}

}  // namespace leat
