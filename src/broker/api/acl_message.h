#pragma once
// Rules as requests and responses have them.
#include <optional>

#include "security/acl.h"

namespace leat::api {

// What is wrong with a rule that somebody wants to add; empty: nothing.
std::string complaint_about(const Acl&);

// Null: a number in it stands for nothing.
template <class Filter>
std::optional<AclFilter> read_filter(const Filter& from) {
  AclFilter out;
  out.resource = static_cast<AclResource>(from.resource_type_filter);
  out.pattern = static_cast<AclPattern>(from.pattern_type_filter);
  out.name = from.resource_name_filter;
  out.principal = from.principal_filter;
  out.host = from.host_filter;
  out.operation = static_cast<AclOperation>(from.operation);
  out.permission = static_cast<AclPermission>(from.permission_type);
  auto within = [](auto value, auto last) { return static_cast<int>(value) >= 1 && value <= last; };
  bool good = within(out.resource, AclResource::kUser) && within(out.pattern, AclPattern::kPrefixed) &&
              within(out.operation, AclOperation::kTwoPhaseCommit) && within(out.permission, AclPermission::kAllow);
  return good ? std::optional(out) : std::nullopt;
}

}  // namespace leat::api
