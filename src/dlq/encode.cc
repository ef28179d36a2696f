#include "dlq/encode.h"

#include <algorithm>

#include "dlq/header_names.h"
#include "dlq/letter_id.h"

namespace leat {
namespace {

// Together below 16 KiB with everything else but the windows, which are facts and stay whole.
constexpr size_t kMessageBytesMax = 2048, kStackBytesMax = 8192, kFileBytesMax = 2048, kNameBytesMax = 512;
constexpr std::string_view kCut = "…";

bool continues_character(char c) {
  return (static_cast<unsigned char>(c) & 0xC0) == 0x80;
}

// At most `max` bytes, cut between two characters.
std::string cut(const std::string& text, size_t max) {
  if (text.size() <= max) return text;
  size_t end = max - kCut.size();
  while (end > 0 && continues_character(text[end])) --end;
  return text.substr(0, end).append(kCut);
}

// The top says where it failed, the bottom what it was called for: the middle goes.
std::string cut_middle(const std::string& text, size_t max) {
  if (text.size() <= max) return text;
  constexpr std::string_view kGap = "\n…\n";
  size_t half = (max - kGap.size()) / 2, end = half, begin = text.size() - half;
  while (end > 0 && continues_character(text[end])) --end;
  while (begin < text.size() && continues_character(text[begin])) ++begin;
  return text.substr(0, end).append(kGap).append(text, begin);
}

std::string windows_text(const LateFacts& late) {
  std::string out;
  for (const auto& [start, end] : late.windows) {
    if (!out.empty()) out += ',';
    out += std::to_string(start.value) + '/' + std::to_string(end.value);
  }
  return out;
}

class Headers {
 public:
  explicit Headers(std::vector<Header>& out) : out_(out) {}
  void text(const char* name, std::string value) {
    if (!value.empty()) out_.push_back({name, std::move(value)});
  }
  void number(const char* name, int64_t value) { out_.push_back({name, std::to_string(value)}); }

 private:
  std::vector<Header>& out_;
};

}  // namespace

Record letter_record(const DeadLetter& letter, const std::string& job, const std::string& build, WallTime now) {
  Record record;
  record.value = letter.payload;
  record.timestamp = now;
  record.headers.reserve(20);
  Headers headers(record.headers);
  headers.text(dlq::kTopic, cut(letter.table, kNameBytesMax));
  headers.number(dlq::kPartition, letter.partition);
  headers.number(dlq::kOffset, static_cast<int64_t>(letter.position));
  headers.text(dlq::kGroup, cut(job, kNameBytesMax));
  headers.text(dlq::kMessage, cut(letter.message, kMessageBytesMax));
  headers.number(dlq::kDeliveryCount, std::max(1, letter.crashes));
  headers.text(dlq::kId, letter_id(letter, job));
  headers.text(dlq::kClass, to_string(letter.cause));
  headers.text(dlq::kReason, cut(letter.reason, kNameBytesMax));
  headers.text(dlq::kFile, cut(letter.file, kFileBytesMax));
  if (letter.line != 0) headers.number(dlq::kLine, static_cast<int64_t>(letter.line));
  headers.number(dlq::kFirst, now.value);
  headers.number(dlq::kLast, now.value);
  if (letter.crashes != 0) headers.number(dlq::kCrashes, letter.crashes);
  headers.text(dlq::kOperator, cut(letter.op, kNameBytesMax));
  headers.text(dlq::kBuild, cut(build, kNameBytesMax));
  headers.text(dlq::kException, cut(letter.exception, kNameBytesMax));
  headers.text(dlq::kStack, cut_middle(letter.stack, kStackBytesMax));
  if (letter.late) {
    headers.number(dlq::kEventTime, letter.late->event_time.value);
    headers.number(dlq::kWatermark, letter.late->watermark.value);
    headers.number(dlq::kLate, letter.late->late_ms);
    if (letter.late->partly) headers.text(dlq::kPartly, "true");
    headers.text(dlq::kWindow, windows_text(*letter.late));
  }
  return record;
}

}  // namespace leat
