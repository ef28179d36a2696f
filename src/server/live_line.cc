#include "server/live_line.h"

#include <algorithm>
#include <cmath>
#include <vector>

#include "server/human.h"

namespace leat {
namespace {

constexpr int64_t kSecond = 1'000'000'000;  // In nanoseconds.
constexpr int64_t kRateSpan = 3 * kSecond;

struct Piece {
  std::string text;
  int importance;  // The least important goes first when the line is too long.
};

std::string join(const std::vector<Piece>& pieces) {
  std::string out;
  for (const Piece& piece : pieces) out += (out.empty() ? "" : " · ") + piece.text;
  return out;
}

std::string watermark_text(EventTime watermark) {
  if (watermark == kMinEventTime) return "no watermark yet";
  if (watermark == kMaxEventTime) return "input ended";
  return "watermark " + human_time(watermark.value);
}

}  // namespace

double LiveLine::rows_per_second(const JobReport& report, Instant now) {
  samples_.push_back({now, report.total.rows_in});
  while (samples_.size() > 2 && now.value - samples_.front().at.value > kRateSpan) samples_.pop_front();
  int64_t span = now.value - samples_.front().at.value;
  if (span <= 0) return 0;
  return static_cast<double>(report.total.rows_in - samples_.front().rows) * kSecond / static_cast<double>(span);
}

std::string LiveLine::format(const JobReport& report, Instant now, WallTime wall, size_t width) {
  double rate = rows_per_second(report, now);
  std::vector<Piece> pieces;
  if (report.bytes_total > 0) {
    uint64_t percent = std::min<uint64_t>(100, report.bytes_read * 100 / report.bytes_total);
    pieces.push_back({std::to_string(percent) + " %", 7});
  }
  pieces.push_back({human_count(report.total.rows_in) + " rows", 9});
  pieces.push_back({human_count(std::llround(rate)) + " rows/s", 8});
  bool has_watermark = report.watermark != kMinEventTime && report.watermark != kMaxEventTime;
  pieces.push_back({watermark_text(report.watermark), 6});
  if (has_watermark) pieces.push_back({human_duration(wall.value - report.watermark.value) + " behind the clock", 2});
  pieces.push_back({human_count(report.total.late) + " late", 5});
  pieces.push_back({human_count(report.total.dead) + " dead", 4});
  pieces.push_back({"state " + human_bytes(report.state_bytes), 3});
  std::string checkpoint = "checkpoint " + human_count(report.checkpoints);
  pieces.push_back({checkpoint + " (" + human_duration(report.last_checkpoint_ms) + ")", 1});
  while (pieces.size() > 1 && display_width(join(pieces)) > width) {
    pieces.erase(std::min_element(pieces.begin(), pieces.end(),
                                  [](const Piece& a, const Piece& b) { return a.importance < b.importance; }));
  }
  return fit_width(join(pieces), width);
}

}  // namespace leat
