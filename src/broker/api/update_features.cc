#include "protocol/update_features.h"

#include <algorithm>

#include "broker/api/api.h"
#include "broker/features.h"

namespace leat::api {
namespace {

// A level that it has already is taken; there is no other.
std::string wrong(const protocol::UpdateFeaturesRequest::FeatureUpdate& update) {
  auto same = [&](const Feature& feature) { return update.feature == feature.name; };
  const Feature* feature = std::find_if(std::begin(kFeatures), std::end(kFeatures), same);
  std::string what = "Invalid update version " + std::to_string(update.max_version_level) + " for feature " +
                     update.feature + ". This broker ";
  if (feature == std::end(kFeatures)) return what + "does not support this feature.";
  if (feature->level == update.max_version_level) return {};
  return what + "has it at level " + std::to_string(feature->level) + ", and at no other.";
}

protocol::UpdateFeaturesResponse judge(int16_t version, const protocol::UpdateFeaturesRequest& request) {
  constexpr int16_t kAllOrNothing = 2;  // From then on one answer for all.
  protocol::UpdateFeaturesResponse response;
  for (const auto& update : request.feature_updates) {
    std::string why = wrong(update);
    int16_t error = code(why.empty() ? ErrorCode::kNone : ErrorCode::kInvalidUpdateVersion);
    std::optional<std::string> message = why.empty() ? std::nullopt : std::optional(why);
    if (version < kAllOrNothing) {
      response.results.push_back({update.feature, error, message});
    } else if (error != 0 && response.error_code == 0) {
      response.error_code = error;
      response.error_message = message;
    }
  }
  return response;
}

}  // namespace

void serve_update_features(Service& service, Broker&) {
  service.serve<protocol::UpdateFeatures>(
      0, 2, [](const Call& call, const protocol::UpdateFeaturesRequest& request, const auto& respond) {
        respond(judge(call.version, request));
      });
}

}  // namespace leat::api
