#include "protocol/describe_log_dirs.h"

#include "broker/api/api.h"

namespace leat::api {
namespace {

void describe(const Broker& broker, const TopicInfo& topic, const std::vector<int32_t>& indexes,
              protocol::DescribeLogDirsResponse::Result& result) {
  auto& out = result.topics.emplace_back();
  out.name = topic.name;
  for (int32_t index : indexes) {
    if (index < 0 || index >= topic.partitions) continue;
    auto glance = broker.glance(topic, index);
    if (glance) out.partitions.push_back({index, static_cast<int64_t>(glance->bytes), 0, false});
    if (!glance) result.error_code = code(error_of(glance.error()));
  }
}

protocol::DescribeLogDirsResponse describe(const Broker& broker, const protocol::DescribeLogDirsRequest& request) {
  protocol::DescribeLogDirsResponse response;
  auto& result = response.results.emplace_back();
  result.log_dir = broker.directory();
  if (request.topics) {
    for (const auto& asked : *request.topics) {
      const TopicInfo* topic = broker.state().topic(asked.topic);
      if (topic != nullptr) describe(broker, *topic, asked.partitions, result);
    }
    return response;
  }
  for (const auto& [name, topic] : broker.state().topics()) {
    std::vector<int32_t> all;
    for (int32_t index = 0; index < topic.partitions; ++index) all.push_back(index);
    describe(broker, topic, all, result);
  }
  return response;
}

}  // namespace

void serve_describe_log_dirs(Service& service, Broker& broker) {
  service.serve<protocol::DescribeLogDirs>(
      1, 4, [&broker](const Call&, const protocol::DescribeLogDirsRequest& request, const auto& respond) {
        respond(describe(broker, request));
      });
}

}  // namespace leat::api
