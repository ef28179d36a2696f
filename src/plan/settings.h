#pragma once
// Settings: what SET, --set and the C++ API's options write. Names are Flink's where Flink has the thing; ours begin
// with "leat.". An unknown name is an error that names the nearest; a value is checked when it is set.
#include <map>
#include <string>
#include <vector>

#include "base/result.h"
#include "columnar/expr.h"

namespace leat {

struct SettingInfo {
  std::string name, default_value, description;
};

class Settings {
 public:
  Status set(const std::string& name, const std::string& value);
  Status reset(const std::string& name);
  void reset_all() { values_.clear(); }
  // What holds where nothing is set, here only. CHECKs that the name and the value are known.
  void set_default(const std::string& name, const std::string& value);
  std::string get(const std::string& name) const;  // The default if it was not set. CHECKs that it is known.
  bool is_set(const std::string& name) const { return values_.contains(name); }
  const std::map<std::string, std::string>& changed() const { return values_; }

  int64_t checkpoint_interval_ms() const;  // execution.checkpointing.interval, 1 s.
  int parallelism() const;                 // parallelism.default; 0 or -1: as many as there are cores.
  int64_t state_ttl_ms() const;            // table.exec.state.ttl, 0: none.
  uint32_t batch_rows() const;             // leat.batch-rows, 1..1024.
  std::string on_error() const;            // leat.on-error: dead-letter | fail.
  std::string time_zone() const;           // table.local-time-zone, UTC.
  std::string job_name() const;            // pipeline.name; empty: the script's name.

  static const std::vector<SettingInfo>& known();

 private:
  std::map<std::string, std::string> values_, defaults_;
};

}  // namespace leat
