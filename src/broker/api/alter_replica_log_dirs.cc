#include "protocol/alter_replica_log_dirs.h"

#include "broker/api/api.h"

namespace leat::api {
namespace {

// A replica may be moved to the directory that it is in, and there is no other.
ErrorCode judge_move(const Broker& broker, const std::string& path, const TopicInfo* topic, int32_t index) {
  if (path != broker.directory()) return ErrorCode::kLogDirNotFound;
  bool there = topic != nullptr && index >= 0 && index < topic->partitions;
  return there ? ErrorCode::kNone : ErrorCode::kUnknownTopicOrPartition;
}

protocol::AlterReplicaLogDirsResponse judge_moves(const Broker& broker,
                                                  const protocol::AlterReplicaLogDirsRequest& request) {
  protocol::AlterReplicaLogDirsResponse response;
  for (const auto& directory : request.dirs) {
    for (const auto& asked : directory.topics) {
      auto& out = response.results.emplace_back();
      out.topic_name = asked.name;
      for (int32_t index : asked.partitions) {
        ErrorCode error = judge_move(broker, directory.path, broker.state().topic(asked.name), index);
        out.partitions.push_back({index, code(error)});
      }
    }
  }
  return response;
}

}  // namespace

void serve_alter_replica_log_dirs(Service& service, Broker& broker) {
  service.serve<protocol::AlterReplicaLogDirs>(
      1, 2, [&broker](const Call&, const protocol::AlterReplicaLogDirsRequest& request, const auto& respond) {
        respond(judge_moves(broker, request));
      });
}

}  // namespace leat::api
