#include "protocol/describe_cluster.h"

#include "broker/api/api.h"

namespace leat::api {

void serve_describe_cluster(Service& service, Broker& broker) {
  service.serve<protocol::DescribeCluster>(
      0, 2, [&broker](const Call&, const protocol::DescribeClusterRequest& request, const auto& respond) {
        constexpr int8_t kBrokers = 1;
        protocol::DescribeClusterResponse response;
        response.endpoint_type = request.endpoint_type;
        if (request.endpoint_type != kBrokers) {
          response.error_code = code(ErrorCode::kMismatchedEndpointType);
          response.error_message = "This is a broker; there are no controllers to describe.";
          return respond(response);
        }
        const BrokerSettings& settings = broker.settings();
        response.cluster_id = broker.state().cluster_id();
        response.controller_id = settings.node_id;
        response.brokers.push_back(
            {settings.node_id, settings.advertised.host, settings.advertised.port, std::nullopt, false});
        respond(response);
      });
}

}  // namespace leat::api
