#include "protocol/describe_client_quotas.h"

#include <set>

#include "broker/api/api.h"

namespace leat::api {
namespace {

enum Match : int8_t { kExactly = 0, kDefault = 1, kAny = 2 };

std::string wrong(const protocol::DescribeClientQuotasRequest& request) {
  std::set<std::string> types;
  for (const auto& component : request.components) {
    if (component.entity_type.empty()) return "Unexpected empty filter component entity type.";
    if (!types.insert(component.entity_type).second) {
      return "Duplicate filter component entity type " + component.entity_type + ".";
    }
    if (component.match_type < kExactly || component.match_type > kAny) {
      return "Unexpected match type " + std::to_string(int{component.match_type}) + ".";
    }
    if ((component.match_type == kExactly) != component.match.has_value()) {
      return "A name is given for an exact match, and only then.";
    }
  }
  return {};
}

bool matches(const protocol::DescribeClientQuotasRequest& request, const QuotaEntity& entity) {
  if (request.strict && entity.size() != request.components.size()) return false;
  for (const auto& component : request.components) {
    auto found = entity.find(component.entity_type);
    if (found == entity.end()) return false;
    if (component.match_type == kExactly && found->second != component.match) return false;
    if (component.match_type == kDefault && found->second) return false;
  }
  return true;
}

protocol::DescribeClientQuotasResponse describe(const Broker& broker,
                                                const protocol::DescribeClientQuotasRequest& request) {
  protocol::DescribeClientQuotasResponse response;
  if (std::string why = wrong(request); !why.empty()) {
    response.error_code = code(ErrorCode::kInvalidRequest);
    response.error_message = why;
    return response;
  }
  response.entries.emplace();
  for (const auto& [entity, values] : broker.state().quotas()) {
    if (!matches(request, entity)) continue;
    auto& entry = response.entries->emplace_back();
    for (const auto& [type, name] : entity) entry.entity.push_back({type, name});
    for (const auto& [key, value] : values) entry.values.push_back({key, value});
  }
  return response;
}

}  // namespace

void serve_describe_client_quotas(Service& service, Broker& broker) {
  service.serve<protocol::DescribeClientQuotas>(
      0, 1, [&broker](const Call&, const protocol::DescribeClientQuotasRequest& request, const auto& respond) {
        respond(describe(broker, request));
      });
}

}  // namespace leat::api
