#pragma once
// For tests: the meaning of windows, watermarks and lateness, slow and plain, row by row. The definitions are those of
// the project's event-time oracle; nothing here knows of batches, slices or timers. Times are milliseconds.
#include <algorithm>
#include <map>
#include <optional>
#include <vector>

#include "stream/window.h"

namespace leat::testing {

struct OracleResult {
  Window window;
  std::string key;
  std::vector<size_t> rows;  // By arrival.
};

struct OracleLate {
  size_t row;
  std::vector<Window> windows;
  int64_t watermark;
  bool operator==(const OracleLate&) const = default;
};

class Oracle {
 public:
  Oracle(const WindowSpec& spec, int64_t delay) : spec_(spec), delay_(delay) {}

  void add(const std::string& key, int64_t time) {
    size_t row = rows_++;
    std::vector<Window> missed;
    if (spec_.aligned()) {
      add_aligned(key, time, row, missed);
    } else if (spec_.max_duration_ms == 0) {
      add_session(key, time, row, missed);
    } else {
      add_capped(key, time, row, missed);
    }
    if (!missed.empty()) late.push_back({row, missed, *watermark_});
    if (!highest_ || time > *highest_) {
      highest_ = time;
      watermark_ = time - delay_;
      fire(*watermark_);
    }
  }
  void end() { fire(std::numeric_limits<int64_t>::max()); }
  std::optional<int64_t> watermark() const { return watermark_; }

  std::vector<OracleResult> results;
  std::vector<OracleLate> late;

 private:
  struct Open {
    int64_t start, end;  // Capped: the last row's time.
    std::vector<size_t> rows;
  };
  bool closed(int64_t end) const { return watermark_ && end - 1 <= *watermark_; }

  std::vector<Window> windows_containing(int64_t t) const {
    std::vector<Window> out;
    auto down = [&](int64_t step) {
      int64_t at = t - spec_.offset_ms;
      while (at % step != 0) --at;  // Plain on purpose: steps in these tests are short.
      return at + spec_.offset_ms;
    };
    if (spec_.kind == WindowKind::kCumulate) {
      int64_t start = down(spec_.size_ms);
      for (int64_t end = start + spec_.step_ms; end <= start + spec_.size_ms; end += spec_.step_ms) {
        if (t < end) out.push_back({start, end});
      }
      return out;
    }
    int64_t step = spec_.kind == WindowKind::kTumble ? spec_.size_ms : spec_.step_ms;
    for (int64_t start = down(step); start > t - spec_.size_ms; start -= step)
      out.push_back({start, start + spec_.size_ms});
    std::reverse(out.begin(), out.end());
    return out;
  }
  void add_aligned(const std::string& key, int64_t t, size_t row, std::vector<Window>& missed) {
    for (const Window& window : windows_containing(t)) {
      if (closed(window.end_ms)) {
        missed.push_back(window);
      } else {
        aligned_[{window, key}].push_back(row);
      }
    }
  }
  void add_session(const std::string& key, int64_t t, size_t row, std::vector<Window>& missed) {
    Open mine{t, t + spec_.size_ms, {row}};
    std::vector<Open> apart;
    for (Open& other : sessions_[key]) {
      if (other.start <= mine.end && other.end >= mine.start) {
        mine.start = std::min(mine.start, other.start);
        mine.end = std::max(mine.end, other.end);
        mine.rows.insert(mine.rows.end(), other.rows.begin(), other.rows.end());
      } else {
        apart.push_back(other);
      }
    }
    if (closed(mine.end)) {
      missed.push_back({mine.start, mine.end});
      return;
    }
    apart.push_back(mine);
    sessions_[key] = apart;
  }
  int64_t capped_end(const Open& open) const {
    return std::min(open.end + spec_.size_ms, open.start + spec_.max_duration_ms);
  }
  void add_capped(const std::string& key, int64_t t, size_t row, std::vector<Window>& missed) {
    if (!watermark_ || t > *watermark_) {
      waiting_[key].push_back({t, row});
      return;
    }
    auto current = current_.find(key);
    if (current != current_.end() && current->second.start <= t && t < capped_end(current->second)) {
      current->second.end = std::max(current->second.end, t);
      current->second.rows.push_back(row);
      return;
    }
    missed.push_back({t, std::min(t + spec_.size_ms, t + spec_.max_duration_ms)});
  }

  void emit(const Window& window, const std::string& key, std::vector<size_t> rows) {
    std::sort(rows.begin(), rows.end());
    results.push_back({window, key, std::move(rows)});
  }
  void fire(int64_t watermark) {
    for (auto at = aligned_.begin(); at != aligned_.end();) {
      if (at->first.first.end_ms - 1 > watermark) {
        ++at;
        continue;
      }
      emit(at->first.first, at->first.second, at->second);
      at = aligned_.erase(at);
    }
    for (auto& [key, open] : sessions_) {
      std::erase_if(open, [&, k = key](const Open& session) {
        if (session.end - 1 > watermark) return false;
        emit({session.start, session.end}, k, session.rows);
        return true;
      });
    }
    for (auto& [key, rows] : waiting_) fire_capped(key, rows, watermark);
  }
  void fire_capped(const std::string& key, std::vector<std::pair<int64_t, size_t>>& rows, int64_t watermark) {
    std::sort(rows.begin(), rows.end());
    while (!rows.empty() && rows.front().first <= watermark) {
      auto [t, row] = rows.front();
      rows.erase(rows.begin());
      auto at = current_.find(key);
      if (at != current_.end() && t <= at->second.end + spec_.size_ms && t < at->second.start + spec_.max_duration_ms) {
        at->second.end = t;
      } else {
        if (at != current_.end()) emit({at->second.start, capped_end(at->second)}, key, at->second.rows);
        current_[key] = {t, t, {}};
        at = current_.find(key);
      }
      at->second.rows.push_back(row);
    }
    auto at = current_.find(key);
    if (at == current_.end() || capped_end(at->second) - 1 > watermark) return;
    emit({at->second.start, capped_end(at->second)}, key, at->second.rows);
    current_.erase(at);
  }

  WindowSpec spec_;
  int64_t delay_;
  size_t rows_ = 0;
  std::optional<int64_t> highest_, watermark_;
  std::map<std::pair<Window, std::string>, std::vector<size_t>> aligned_;
  std::map<std::string, std::vector<Open>> sessions_;
  std::map<std::string, std::vector<std::pair<int64_t, size_t>>> waiting_;
  std::map<std::string, Open> current_;
};

}  // namespace leat::testing
