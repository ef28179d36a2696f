#pragma once
// Time zones: from an instant to what the clocks there show, and back.
#include <atomic>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "base/types.h"

namespace leat {

// Immutable. A time that a clock skips is moved on by the length of the gap.
class TimeZone {
 public:
  static std::shared_ptr<const TimeZone> fixed(int32_t offset_seconds);
  // The contents of a TZif file (RFC 8536), with its rule for the time after its last transition.
  static Result<std::shared_ptr<const TimeZone>> parse(BytesView tzif);

  int32_t offset_at(int64_t utc_seconds) const;
  int64_t utc_to_local_micros(int64_t micros) const;
  // What a time that a clock shows twice means: the first, as in java.time, or the second, as in java.util.
  enum class Twice : uint8_t { kFirst, kSecond };
  int64_t local_to_utc_micros(int64_t micros, Twice = Twice::kFirst) const;

 private:
  struct Transition {
    int64_t at;  // UTC seconds.
    int32_t offset;
  };
  int32_t first_offset_ = 0;
  std::vector<Transition> transitions_;  // By time.
};

// Zones by name, each loaded when first asked for and kept. Any thread.
class TimeZones {
 public:
  // Gives the TZif file of an IANA name, or nothing. Called at most once for a name and thread.
  using Load = std::function<std::optional<Bytes>(std::string_view name)>;
  explicit TimeZones(Load load) : load_(std::move(load)) {}
  ~TimeZones();
  TimeZones(const TimeZones&) = delete;
  TimeZones& operator=(const TimeZones&) = delete;
  // Null if there is no such zone.
  std::shared_ptr<const TimeZone> find(std::string_view name) const;

 private:
  struct Node {
    std::string name;
    std::shared_ptr<const TimeZone> zone;
    Node* next;
  };
  Load load_;
  mutable std::atomic<Node*> head_{nullptr};
};

// "UTC", "Z", "+02:00", "GMT-8" and, if `zones` is not null, IANA names. Null for anything else.
std::shared_ptr<const TimeZone> find_time_zone(std::string_view name, const TimeZones* zones);
// As java.util.TimeZone.getTimeZone: IANA names, "GMT-8", the old abbreviations such as "PST"; UTC for anything else.
std::shared_ptr<const TimeZone> java_time_zone(std::string_view id, const TimeZones* zones);

}  // namespace leat
