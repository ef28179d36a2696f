#include "protocol/api_versions.h"

#include "broker/api/api.h"
#include "broker/features.h"

namespace leat::api {
namespace {

// Some older clients cannot read of a feature whose lowest level is 0, so they are not told what is supported.
constexpr int16_t kKnowsLevelZero = 4;

void add_features(const Broker& broker, int16_t version, protocol::ApiVersionsResponse& response) {
  for (const Feature& feature : kFeatures) {
    if (feature.first > 0 || version >= kKnowsLevelZero) {
      response.supported_features.push_back({feature.name, feature.first, feature.last});
    }
    response.finalized_features.push_back({feature.name, feature.level, feature.level});
  }
  response.finalized_features_epoch = broker.state().epoch();
}

}  // namespace

void serve_api_versions(Service& service, Broker& broker) {
  service.serve<protocol::ApiVersions>(
      0, 4, [&service, &broker](const Call& call, const protocol::ApiVersionsRequest& request, const auto& respond) {
        call.client->software_name = request.client_software_name;
        call.client->software_version = request.client_software_version;
        protocol::ApiVersionsResponse response;
        for (const auto& range : service.advertised()) {
          response.api_keys.push_back({range.key, range.first, range.last});
        }
        add_features(broker, call.version, response);
        respond(response);
      });
}

}  // namespace leat::api
