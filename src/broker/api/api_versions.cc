#include "protocol/api_versions.h"

#include "broker/api/api.h"

namespace leat::api {

void serve_api_versions(Service& service, Broker&) {
  service.serve<protocol::ApiVersions>(
      0, 4, [&service](const Call& call, const protocol::ApiVersionsRequest& request, const auto& respond) {
        call.client->software_name = request.client_software_name;
        call.client->software_version = request.client_software_version;
        protocol::ApiVersionsResponse response;
        for (const auto& range : service.advertised())
          response.api_keys.push_back({range.key, range.first, range.last});
        respond(response);
      });
}

}  // namespace leat::api
