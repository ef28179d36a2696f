#pragma once
// Kafka's error codes as errors for people.
#include <optional>
#include <string>

#include "base/result.h"
#include "protocol/error_code.h"

namespace leat::client {

// Worth asking again after a look at who leads and coordinates: a broker that moved, restarts or is behind.
bool passes(int16_t error_code);

// "what: NAME: the broker's own words", with the Errc nearest to it.
Error kafka_error(const std::string& what, int16_t error_code, const std::optional<std::string>& message = {});

// OK for 0.
inline Status kafka_status(const std::string& what, int16_t error_code,
                           const std::optional<std::string>& message = {}) {
  if (error_code == 0) return {};
  return kafka_error(what, error_code, message);
}

}  // namespace leat::client
