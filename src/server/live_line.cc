#include "server/live_line.h"

#include <algorithm>
#include <cmath>
#include <vector>

#include "server/human.h"

namespace leat {
namespace {

constexpr int64_t kNanosPerSecond = 1'000'000'000;  // In nanoseconds.
constexpr int64_t kMillis = 1000;                   // In a second.
constexpr int64_t kRateSpan = 3 * kNanosPerSecond;

struct Piece {
  std::string text, brief;  // As it is best, and where there is little room.
  int importance;           // The least important goes first when even the brief line is too long.
};

std::string join(const std::vector<Piece>& pieces, std::string Piece::*form) {
  std::string out;
  for (const Piece& piece : pieces) out += (out.empty() ? "" : " · ") + piece.*form;
  return out;
}

std::string joined_in(std::vector<Piece> pieces, size_t width) {
  std::string best = join(pieces, &Piece::text);
  if (display_width(best) <= width) return best;
  auto less = [](const Piece& a, const Piece& b) { return a.importance < b.importance; };
  while (pieces.size() > 1 && display_width(join(pieces, &Piece::brief)) > width) {
    pieces.erase(std::min_element(pieces.begin(), pieces.end(), less));
  }
  return fit_width(join(pieces, &Piece::brief), width);
}

Piece watermark_piece(EventTime watermark, WallTime wall) {
  constexpr int kImportance = 6;
  if (watermark == kMinEventTime) return {"no watermark yet", "no watermark", kImportance};
  if (watermark == kMaxEventTime) return {"input ended", "ended", kImportance};
  std::string lag = human_duration(wall.value - watermark.value);
  std::string brief = human_time(watermark.value - (watermark.value % kMillis + kMillis) % kMillis);
  return {"watermark " + human_time(watermark.value) + ", " + lag + " behind the clock", brief + " (-" + lag + ")",
          kImportance};
}

}  // namespace

double LiveLine::rows_per_second(const JobReport& report, Instant now) {
  samples_.push_back({now, report.total.rows_in});
  while (samples_.size() > 2 && now.value - samples_.front().at.value > kRateSpan) samples_.pop_front();
  int64_t span = now.value - samples_.front().at.value;
  if (span <= 0) return 0;
  return static_cast<double>(report.total.rows_in - samples_.front().rows) * kNanosPerSecond /
         static_cast<double>(span);
}

// How long the last checkpoint took, and how long ago it was; nothing of those before this process.
std::string LiveLine::checkpoint_text(const JobReport& report, Instant now) {
  if (report.checkpoints != checkpoints_) {
    checkpoints_ = report.checkpoints;
    checkpoint_at_ = now;
  }
  int64_t ago_ms = (now.value - checkpoint_at_.value) / (kNanosPerSecond / kMillis);
  return human_duration(report.last_checkpoint_ms) + ", " + human_duration(ago_ms) + " ago";
}

std::string LiveLine::format(const JobReport& report, Instant now, WallTime wall, size_t width) {
  std::string rate = human_count(std::llround(rows_per_second(report, now)));
  std::string rows = human_count(report.total.rows_in) + " rows";
  std::string late = human_count(report.total.late) + " late", dead = human_count(report.total.dead) + " dead";
  std::string state = human_bytes(report.state_bytes), checkpoint = human_count(report.checkpoints);
  std::vector<Piece> pieces;
  if (report.bytes_total > 0) {
    uint64_t percent = std::min<uint64_t>(100, report.bytes_read * 100 / report.bytes_total);
    pieces.push_back({std::to_string(percent) + " %", std::to_string(percent) + "%", 4});
  }
  pieces.push_back({rows, rows, 1});
  pieces.push_back({rate + " rows/s", rate + "/s", 9});
  pieces.push_back(watermark_piece(report.watermark, wall));
  pieces.push_back({late, late, 8});
  pieces.push_back({dead, dead, 7});
  pieces.push_back({"state " + state, state, 3});
  pieces.push_back({"checkpoint " + checkpoint + ", " + checkpoint_text(report, now), "#" + checkpoint, 2});
  return joined_in(std::move(pieces), width);
}

}  // namespace leat
