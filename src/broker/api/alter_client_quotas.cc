// What holds them: quota/client_quotas.h.
#include "protocol/alter_client_quotas.h"

#include <cmath>

#include "broker/api/api.h"
#include "broker/quota/client_quotas.h"

namespace leat::api {
namespace {

struct Change {
  QuotaEntity entity;
  QuotaValues values;  // All of them from then on.
  std::string wrong;   // Empty: nothing.
};

std::string wrong_entity(const QuotaEntity& entity, size_t named) {
  if (entity.empty()) return "Invalid empty client quota entity";
  if (entity.size() != named) return "Duplicate entity type";
  for (const auto& [type, name] : entity) {
    if (type != "user" && type != "client-id" && type != "ip") return "Unhandled client quota entity type: " + type;
    if (name && name->empty()) return "Empty " + type + " not supported";
  }
  if (entity.contains("ip") && entity.size() > 1) return "Invalid client quota entity: an ip stands alone";
  return {};
}

std::string wrong_value(const QuotaEntity& entity, const protocol::AlterClientQuotasRequest::Entry::Op& op) {
  bool of_ip = op.key == "connection_creation_rate";
  bool known = of_ip || op.key == "producer_byte_rate" || op.key == "consumer_byte_rate" ||
               op.key == "request_percentage" || op.key == "controller_mutation_rate";
  if (!known || of_ip != entity.contains("ip")) return "Invalid configuration key " + op.key;
  if (op.remove) return {};
  if (!std::isfinite(op.value) || op.value <= 0) return "Quota " + op.key + " must be greater than 0";
  bool whole = op.key != "request_percentage" && op.key != "controller_mutation_rate";
  if (whole && op.value != std::floor(op.value)) return op.key + " cannot be a fractional value";
  return {};
}

Change read(const Broker& broker, const protocol::AlterClientQuotasRequest::Entry& entry) {
  Change out;
  for (const auto& part : entry.entity) out.entity[part.entity_type] = part.entity_name;
  out.wrong = wrong_entity(out.entity, entry.entity.size());
  auto found = broker.state().quotas().find(out.entity);
  if (found != broker.state().quotas().end()) out.values = found->second;
  for (const auto& op : entry.ops) {
    if (out.wrong.empty()) out.wrong = wrong_value(out.entity, op);
    if (op.remove) {
      out.values.erase(op.key);
    } else {
      out.values[op.key] = op.value;
    }
  }
  return out;
}

void alter(Broker& broker, const protocol::AlterClientQuotasRequest& request,
           Respond<protocol::AlterClientQuotas> respond) {
  auto response = std::make_shared<protocol::AlterClientQuotasResponse>();
  std::vector<BrokerEvent> events;
  for (const auto& entry : request.entries) {
    Change change = read(broker, entry);
    auto& out = response->entries.emplace_back();
    for (const auto& part : entry.entity) out.entity.push_back({part.entity_type, part.entity_name});
    if (change.wrong.empty()) {
      events.emplace_back(broker_event::QuotasSet{change.entity, change.values});
    } else {
      out.error_code = code(ErrorCode::kInvalidRequest);
      out.error_message = change.wrong;
    }
  }
  if (events.empty() || request.validate_only) return respond(*response);
  broker.quotas().changed();
  broker.record(std::move(events), [response, respond = std::move(respond)](const Status& outcome) {
    for (auto& entry : response->entries) {
      if (!outcome && entry.error_code == 0) entry.error_code = code(ErrorCode::kKafkaStorageError);
    }
    respond(*response);
  });
}

}  // namespace

void serve_alter_client_quotas(Service& service, Broker& broker) {
  service.serve<protocol::AlterClientQuotas>(
      0, 1, [&broker](const Call&, const protocol::AlterClientQuotasRequest& request, auto respond) {
        alter(broker, request, std::move(respond));
      });
}

}  // namespace leat::api
