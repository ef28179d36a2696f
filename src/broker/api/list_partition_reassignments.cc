#include "protocol/list_partition_reassignments.h"

#include "broker/api/api.h"

namespace leat::api {

// There is one broker, so nothing is ever on the move.
void serve_list_partition_reassignments(Service& service, Broker&) {
  service.serve<protocol::ListPartitionReassignments>(
      0, 0, [](const Call&, const protocol::ListPartitionReassignmentsRequest&, const auto& respond) { respond({}); });
}

}  // namespace leat::api
