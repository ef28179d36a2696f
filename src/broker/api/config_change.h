#pragma once
// What AlterConfigs and IncrementalAlterConfigs have in common: which resources have settings that may be changed, and
// which values they take.
#include "broker/broker.h"
#include "protocol/error_code.h"

namespace leat::api {

// A change of one resource that was asked for, and what comes of it.
struct ConfigChange {
  int8_t type = 0;  // ConfigResource, if there is such a number.
  std::string name;
  SetValues set;                     // All that is set from then on.
  std::vector<std::string> changed;  // The settings that were named.
  protocol::ErrorCode error = protocol::ErrorCode::kNone;
  std::string message;

  ConfigResource resource() const { return static_cast<ConfigResource>(type); }
  void refuse(protocol::ErrorCode, std::string message);
};

// Whether the resource is there and has settings that may be changed; else refuses the change.
void check_resource(const Broker&, ConfigChange&);
// Whether what changed may be so; else refuses the change. The resource was checked.
void check_values(const Broker&, ConfigChange&);
// What is set of the resource now. It was checked.
const SetValues& set_now(const Broker&, const ConfigChange&);
// A resource that is named twice is refused each time.
void refuse_twins(std::vector<ConfigChange>&);

// Makes those durable that were not refused, then calls back.
void make_changes(Broker&, std::vector<ConfigChange>, std::function<void(const std::vector<ConfigChange>&)> done);

// The settings that such a resource has; null: it has none.
const SettingTable* settings_of(ConfigResource);

// Takes the requests that change settings. `edit(broker, asked, change)` fills in what is set from then on and what was
// named, of a resource that was checked.
template <class Api, class Edit>
void serve_config_changes(Service& service, Broker& broker, int16_t last, Edit edit) {
  service.serve<Api>(0, last, [&broker, edit](const Call&, const typename Api::Request& request, auto respond) {
    std::vector<ConfigChange> changes;
    for (const auto& asked : request.resources) {
      ConfigChange& change = changes.emplace_back();
      change.type = asked.resource_type;
      change.name = asked.resource_name;
      check_resource(broker, change);
      if (change.error != protocol::ErrorCode::kNone) continue;
      edit(broker, asked, change);
      check_values(broker, change);
    }
    refuse_twins(changes);
    auto answer = [respond = std::move(respond)](const std::vector<ConfigChange>& made) {
      typename Api::Response response;
      for (const ConfigChange& change : made) {
        auto& out = response.responses.emplace_back();
        out.resource_type = change.type;
        out.resource_name = change.name;
        out.error_code = static_cast<int16_t>(change.error);
        if (change.error != protocol::ErrorCode::kNone) out.error_message = change.message;
      }
      respond(response);
    };
    if (request.validate_only) return answer(changes);
    make_changes(broker, std::move(changes), std::move(answer));
  });
}

}  // namespace leat::api
