#include "plan/settings.h"

#include <algorithm>
#include <charconv>

#include "base/units.h"

namespace leat {
namespace {

enum class Kind : uint8_t { kText, kDuration, kWhole, kFlag, kChoice };

struct Known {
  const char* name;
  const char* fallback;
  Kind kind;
  const char* allowed;  // kChoice: separated by '|'; kWhole: "min..max".
  const char* description;
};

constexpr Known kKnown[] = {
    {"execution.checkpointing.interval", "1 s", Kind::kDuration, "", "how often a job commits; 0: only at its end"},
    {"execution.checkpointing.mode", "EXACTLY_ONCE", Kind::kChoice, "EXACTLY_ONCE", "the only one there is"},
    {"execution.runtime-mode", "streaming", Kind::kChoice, "streaming|STREAMING|automatic|AUTOMATIC",
     "bounded and unbounded input run the same way"},
    {"parallelism.default", "1", Kind::kWhole, "-1..256", "threads that decode; -1: one a core"},
    {"pipeline.name", "", Kind::kText, "", "the job's name; empty: the script's"},
    {"state.backend.type", "hashmap", Kind::kChoice, "hashmap", "where state is kept: in memory"},
    {"table.exec.mini-batch.enabled", "false", Kind::kFlag, "", "accepted, without effect"},
    {"table.exec.mini-batch.allow-latency", "0 ms", Kind::kDuration, "", "accepted, without effect"},
    {"table.exec.mini-batch.size", "-1", Kind::kWhole, "-1..1000000000", "accepted, without effect"},
    {"table.exec.source.idle-timeout", "0 ms", Kind::kDuration, "",
     "after so long without a row a watched path holds no watermark back; 0: never"},
    {"table.exec.state.ttl", "0 ms", Kind::kDuration, "",
     "how long GROUP BY without a window keeps an idle group; 0: for ever"},
    {"table.local-time-zone", "UTC", Kind::kText, "", "of TIMESTAMP_LTZ: an IANA name or an offset"},
    {"table.optimizer.distinct-agg.split.enabled", "false", Kind::kFlag, "", "accepted, without effect"},
    {"sql-client.execution.result-mode", "tableau", Kind::kText, "", "accepted, without effect: see --format"},
    {"leat.batch-rows", "1024", Kind::kWhole, "1..1024", "the largest batch; changes no result"},
    {"leat.on-error", "dead-letter", Kind::kChoice, "dead-letter|fail",
     "what becomes of a row that fails; `leat sql` begins with fail"},
};

const Known* find(const std::string& name) {
  for (const Known& known : kKnown) {
    if (name == known.name) return &known;
  }
  return nullptr;
}

bool whole(const std::string& text, int64_t& out) {
  auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), out);
  return error == std::errc() && end == text.data() + text.size();
}

Status check(const Known& known, const std::string& value) {
  auto bad = [&](const std::string& expected) {
    return Error{Errc::kInvalidArgument,
                 "setting '" + std::string(known.name) + "' = '" + value + "': expected " + expected};
  };
  switch (known.kind) {
    case Kind::kText:
      return {};
    case Kind::kFlag:
      if (value == "true" || value == "false") return {};
      return bad("true or false");
    case Kind::kDuration:
      if (parse_duration_ms(value)) return {};
      return bad("a duration (10 s, 500 ms)");
    case Kind::kWhole: {
      std::string range = known.allowed;
      size_t dots = range.find("..");
      int64_t low = std::stoll(range.substr(0, dots)), high = std::stoll(range.substr(dots + 2)), number = 0;
      if (whole(value, number) && number >= low && number <= high) return {};
      return bad("a whole number from " + std::to_string(low) + " to " + std::to_string(high));
    }
    case Kind::kChoice: {
      std::string_view rest = known.allowed;
      while (!rest.empty()) {
        size_t bar = rest.find('|');
        if (rest.substr(0, bar) == value) return {};
        rest = bar == std::string_view::npos ? std::string_view() : rest.substr(bar + 1);
      }
      return bad("one of " + std::string(known.allowed));
    }
  }
  return {};
}

std::vector<std::string> names() {
  std::vector<std::string> out;
  for (const Known& known : kKnown) out.push_back(known.name);
  return out;
}

Error unknown(const std::string& name) {
  return Error{Errc::kInvalidArgument, "unknown setting '" + name + "'" + did_you_mean(name, names())};
}

}  // namespace

Status Settings::set(const std::string& name, const std::string& value) {
  const Known* known = find(name);
  if (known == nullptr) return unknown(name);
  TRY(check(*known, value));
  values_[name] = value;
  return {};
}

Status Settings::reset(const std::string& name) {
  if (find(name) == nullptr) return unknown(name);
  values_.erase(name);
  return {};
}

std::string Settings::get(const std::string& name) const {
  const Known* known = find(name);
  CHECK(known != nullptr);
  if (auto at = values_.find(name); at != values_.end()) return at->second;
  auto at = defaults_.find(name);
  return at == defaults_.end() ? known->fallback : at->second;
}

void Settings::set_default(const std::string& name, const std::string& value) {
  const Known* known = find(name);
  CHECK(known != nullptr && check(*known, value));
  defaults_[name] = value;
}

int64_t Settings::checkpoint_interval_ms() const {
  return *parse_duration_ms(get("execution.checkpointing.interval"));
}
int Settings::parallelism() const {
  return std::stoi(get("parallelism.default"));
}
int64_t Settings::state_ttl_ms() const {
  return *parse_duration_ms(get("table.exec.state.ttl"));
}
uint32_t Settings::batch_rows() const {
  return static_cast<uint32_t>(std::stoul(get("leat.batch-rows")));
}
std::string Settings::on_error() const {
  return get("leat.on-error");
}
std::string Settings::time_zone() const {
  return get("table.local-time-zone");
}
std::string Settings::job_name() const {
  return get("pipeline.name");
}

const std::vector<SettingInfo>& Settings::known() {
  static const std::vector<SettingInfo> infos = [] {
    std::vector<SettingInfo> out;
    for (const Known& known : kKnown) out.push_back({known.name, known.fallback, known.description});
    return out;
  }();
  return infos;
}

}  // namespace leat
