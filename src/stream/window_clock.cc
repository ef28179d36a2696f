#include "stream/window_clock.h"

#include <algorithm>

#include "columnar/session_zone.h"

namespace leat {
namespace {

constexpr int64_t kMicrosPerMs = 1000;
constexpr int64_t kPutBackMaxMs = 3 * 3'600'000;  // No clock is put back by more than this at once.

bool is_bound(int64_t ms) {
  return ms == kMinEventTime.value || ms == kMaxEventTime.value;
}

}  // namespace

int64_t floor_ms(int64_t micros) {
  return micros >= 0 ? micros / kMicrosPerMs : (micros - (kMicrosPerMs - 1)) / kMicrosPerMs;
}

WindowClock::WindowClock(const DataType& time, const EvalSettings& settings) {
  if (time.kind != TypeKind::kTimestampLtz || settings.time_zone == "UTC") return;
  zone_ = session_zone(settings);
}

WindowClock::~WindowClock() = default;

void WindowClock::read_times(const Column& time, std::vector<int64_t>& out_ms) const {
  auto micros = time.ints();
  out_ms.resize(micros.size());
  for (size_t i = 0; i < micros.size(); ++i) out_ms[i] = floor_ms(micros[i]);
  if (!zone_) return;
  for (int64_t& ms : out_ms) ms = to_local(ms);
}

void WindowClock::read_watermarks(const Batch& batch, std::vector<int64_t>& out_ms) const {
  if (batch.watermarks.empty()) {
    out_ms.assign(batch.rows, kMinEventTime.value);
    return;
  }
  out_ms.assign(batch.watermarks.begin(), batch.watermarks.end());
  if (!zone_) return;
  int64_t last_utc = kMinEventTime.value, last_local = kMinEventTime.value;
  for (int64_t& ms : out_ms) {
    if (ms != last_utc) {
      last_utc = ms;
      last_local = local_watermark(ms);
    }
    ms = last_local;
  }
}

int64_t WindowClock::to_local(int64_t utc_ms) const {
  if (!zone_) return utc_ms;
  return floor_ms(zone_->utc_to_local_micros(utc_ms * kMicrosPerMs));
}

int64_t WindowClock::to_utc(int64_t local_ms) const {
  if (!zone_) return local_ms;
  return floor_ms(zone_->local_to_utc_micros(local_ms * kMicrosPerMs));
}

int64_t WindowClock::local_watermark(int64_t utc_ms) const {
  if (!zone_ || is_bound(utc_ms)) return utc_ms;
  int64_t now = to_local(utc_ms) - utc_ms;
  int64_t later = to_local(utc_ms + kPutBackMaxMs) - (utc_ms + kPutBackMaxMs);
  if (later >= now) return utc_ms + now;
  int64_t before = utc_ms, after = utc_ms + kPutBackMaxMs;  // The clock is put back in (before, after].
  while (after - before > 1) {
    int64_t middle = before + (after - before) / 2;
    (to_local(middle) - middle == now ? before : after) = middle;
  }
  return std::min(utc_ms + now, to_local(after) - 1);
}

}  // namespace leat
