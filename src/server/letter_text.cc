#include "server/letter_text.h"

#include <algorithm>

#include "dlq/utf8.h"
#include "server/human.h"

namespace leat {
namespace {

constexpr size_t kNameWidth = 16;

void add(std::string& out, std::string name, const std::string& value) {
  if (value.empty()) return;
  name.resize(std::max(name.size(), kNameWidth), ' ');
  out += name + printable_line(value) + "\n";
}

void add_time(std::string& out, const char* name, int64_t ms) {
  add(out, name, human_time(ms) + " UTC");
}

std::string hex_dump(BytesView bytes) {
  constexpr const char* kHex = "0123456789abcdef";
  constexpr size_t kPerLine = 16;
  std::string out;
  for (size_t at = 0; at < bytes.size(); at += kPerLine) {
    for (int shift = 28; shift >= 0; shift -= 4) out += kHex[at >> shift & 15];
    std::string text;
    for (size_t i = at; i < at + kPerLine; ++i) {
      out += i % 8 == 0 ? "  " : " ";
      if (i >= bytes.size()) {
        out += "  ";
        continue;
      }
      auto byte = static_cast<unsigned char>(bytes[i]);
      out += {kHex[byte >> 4], kHex[byte & 15]};
      text += byte >= 0x20 && byte < 0x7F ? bytes[i] : '.';
    }
    out += "  |" + text + "|\n";
  }
  return out;
}

void add_bytes(std::string& out, const std::string& name, const std::optional<Bytes>& value) {
  if (!value) return;
  out += "\n" + name + " (" + human_count(static_cast<int64_t>(value->size())) + " bytes)\n";
  if (is_utf8(*value)) {
    out += printable_text(*value);
    if (!out.ends_with('\n')) out += '\n';
  } else {
    out += hex_dump(*value);
  }
}

void add_late_facts(std::string& out, const StoredLetter& letter) {
  if (letter.event_time_ms) add(out, "event time", human_time(*letter.event_time_ms));
  if (letter.watermark_ms) add(out, "watermark", human_time(*letter.watermark_ms));
  if (letter.late_ms) add(out, "late by", human_duration(*letter.late_ms));
  for (const auto& [start, end] : letter.windows) {
    add(out, "window missed", human_time(start) + " to " + human_time(end));
  }
  if (letter.partly) add(out, "", "In time for its other windows, and counted there.");
}

}  // namespace

std::string letter_text(const StoredLetter& letter) {
  std::string out;
  add(out, "id", letter.id);
  add(out, "class", letter.letter_class);
  add(out, "reason", letter.reason);
  add(out, "message", letter.message);
  add(out, "exception", letter.exception);
  add(out, "job", letter.job);
  add(out, "table", letter.table);
  add(out, "operator", letter.op);
  if (!letter.file.empty()) add(out, "file", letter.file + ":" + std::to_string(letter.line));
  add(out, "position", std::to_string(letter.position) + ", partition " + std::to_string(letter.source_partition));
  add_time(out, "first failure", letter.first_failure.value);
  add_time(out, "last failure", letter.last_failure.value);
  add(out, "retries", std::to_string(letter.retries));
  if (letter.crashes > 0) add(out, "crashes", std::to_string(letter.crashes));
  add(out, "build", letter.build);
  add_late_facts(out, letter);
  add(out, "kept in",
      letter.topic + ", partition " + std::to_string(letter.partition) + ", offset " +
          std::to_string(letter.offset.value));
  if (!letter.stack.empty()) out += "\nstack\n" + printable_text(letter.stack) + "\n";
  bool others = false;
  for (const Header& header : letter.record.headers) {
    if (header.key.starts_with("__dlq.")) continue;
    if (!others) out += "\nheaders\n";
    others = true;
    add(out, header.key + " ", header.value);
  }
  add_bytes(out, "key", letter.record.key);
  add_bytes(out, "value", letter.record.value);
  return out;
}

}  // namespace leat
