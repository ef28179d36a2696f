#include "stream/window.h"

#include "base/check.h"

namespace leat {
namespace {

std::string duration(int64_t ms) {
  struct Unit {
    int64_t ms;
    const char* name;
  };
  for (Unit unit : {Unit{86'400'000, " d"}, Unit{3'600'000, " h"}, Unit{60'000, " min"}, Unit{1'000, " s"}}) {
    if (ms != 0 && ms % unit.ms == 0) return std::to_string(ms / unit.ms) + unit.name;
  }
  return std::to_string(ms) + " ms";
}

}  // namespace

int64_t align_down(int64_t time_ms, int64_t step_ms, int64_t offset_ms) {
  int64_t into = (time_ms - offset_ms) % step_ms;
  return time_ms - (into < 0 ? into + step_ms : into);
}

std::string WindowSpec::to_string() const {
  std::string out;
  switch (kind) {
    case WindowKind::kTumble:
      out = "TUMBLE(size=[" + duration(size_ms) + "]";
      break;
    case WindowKind::kHop:
      out = "HOP(size=[" + duration(size_ms) + "], slide=[" + duration(step_ms) + "]";
      break;
    case WindowKind::kCumulate:
      out = "CUMULATE(max_size=[" + duration(size_ms) + "], step=[" + duration(step_ms) + "]";
      break;
    case WindowKind::kSession:
      out = "SESSION(gap=[" + duration(size_ms) + "]";
      if (max_duration_ms > 0) out += ", max_duration=[" + duration(max_duration_ms) + "]";
      break;
  }
  if (offset_ms != 0) out += ", offset=[" + duration(offset_ms) + "]";
  return out + ")";
}

void windows_of(const WindowSpec& spec, int64_t time_ms, std::vector<Window>& out) {
  CHECK(spec.aligned());
  out.clear();
  if (spec.kind == WindowKind::kTumble) {
    int64_t start = align_down(time_ms, spec.size_ms, spec.offset_ms);
    out.push_back({start, start + spec.size_ms});
    return;
  }
  CHECK(spec.step_ms > 0 && spec.size_ms % spec.step_ms == 0);
  int64_t slice = align_down(time_ms, spec.step_ms, spec.offset_ms);
  if (spec.kind == WindowKind::kHop) {
    for (int64_t end = slice + spec.step_ms; end <= slice + spec.size_ms; end += spec.step_ms) {
      out.push_back({end - spec.size_ms, end});
    }
    return;
  }
  int64_t start = align_down(time_ms, spec.size_ms, spec.offset_ms);
  for (int64_t end = slice + spec.step_ms; end <= start + spec.size_ms; end += spec.step_ms) {
    out.push_back({start, end});
  }
}

}  // namespace leat
