#include "security/acl.h"

#include <algorithm>
#include <iterator>

namespace leat {
namespace {

bool is_about_client(const Acl& acl, const std::string& principal, const std::string& host) {
  return (acl.principal == principal || acl.principal == "User:*") && (acl.host == host || acl.host == kAclWildcard);
}

bool denies(const Acl& acl, AclOperation wanted) {
  return acl.permission == AclPermission::kDeny && (acl.operation == wanted || acl.operation == AclOperation::kAll);
}

// Who may change something may see it.
bool allows(const Acl& acl, AclOperation wanted) {
  using enum AclOperation;
  if (acl.permission != AclPermission::kAllow) return false;
  if (acl.operation == wanted || acl.operation == kAll) return true;
  if (wanted == kDescribe) {
    return acl.operation == kRead || acl.operation == kWrite || acl.operation == kDelete || acl.operation == kAlter;
  }
  return wanted == kDescribeConfigs && acl.operation == kAlterConfigs;
}

bool covers(const Acl& acl, const std::string& name) {
  if (acl.pattern == AclPattern::kPrefixed) return name.starts_with(acl.name);
  return acl.name == name || acl.name == kAclWildcard;
}

constexpr const char* kOperationNames[] = {"unknown",
                                           "any",
                                           "all",
                                           "read",
                                           "write",
                                           "create",
                                           "delete",
                                           "alter",
                                           "describe",
                                           "cluster-action",
                                           "describe-configs",
                                           "alter-configs",
                                           "idempotent-write",
                                           "create-tokens",
                                           "describe-tokens",
                                           "two-phase-commit"};
constexpr const char* kResourceNames[] = {"unknown",          "any", "topic", "group", "cluster", "transactional-id",
                                          "delegation-token", "user"};

}  // namespace

bool AclFilter::matches(const Acl& acl) const {
  if (resource != AclResource::kAny && resource != acl.resource) return false;
  if (principal && *principal != acl.principal) return false;
  if (host && *host != acl.host) return false;
  if (operation != AclOperation::kAny && operation != acl.operation) return false;
  if (permission != AclPermission::kAny && permission != acl.permission) return false;
  if (pattern == AclPattern::kMatch) return !name || covers(acl, *name);
  if (pattern != AclPattern::kAny && pattern != acl.pattern) return false;
  return !name || *name == acl.name;
}

std::vector<const Acl*> AclSet::about(AclResource resource, const std::string& name) const {
  std::vector<const Acl*> out;
  auto take = [&](AclPattern pattern, const std::string& exact) {
    Acl first{resource, pattern, exact, "", "", AclOperation{}, AclPermission{}};
    for (auto it = acls_.lower_bound(first);
         it != acls_.end() && it->resource == resource && it->pattern == pattern && it->name == exact; ++it) {
      out.push_back(&*it);
    }
  };
  take(AclPattern::kLiteral, name);
  if (name != kAclWildcard) take(AclPattern::kLiteral, kAclWildcard);
  // Few prefixes are looked through; among many, each that the name has is looked up.
  constexpr size_t kFew = 32;
  Acl begin{resource, AclPattern::kPrefixed, "", "", "", AclOperation{}, AclPermission{}};
  size_t seen = 0;
  auto it = acls_.lower_bound(begin);
  size_t before = out.size();
  for (; it != acls_.end() && it->resource == resource && seen < kFew; ++it, ++seen) {
    if (name.starts_with(it->name)) out.push_back(&*it);
  }
  if (it == acls_.end() || it->resource != resource) return out;
  out.resize(before);
  for (size_t size = 0; size <= name.size(); ++size) take(AclPattern::kPrefixed, name.substr(0, size));
  return out;
}

AclSet::Verdict AclSet::judge(AclResource resource, const std::string& name, const std::string& principal,
                              const std::string& host, AclOperation wanted) const {
  auto rules = about(resource, name);
  if (rules.empty()) return Verdict::kNoRule;
  bool allowed = false;
  for (const Acl* acl : rules) {
    if (!is_about_client(*acl, principal, host)) continue;
    if (denies(*acl, wanted)) return Verdict::kDenied;
    allowed |= allows(*acl, wanted);
  }
  return allowed ? Verdict::kAllowed : Verdict::kDenied;
}

bool AclSet::denies_every(AclResource resource, const std::string& principal, const std::string& host,
                          AclOperation wanted) const {
  return std::any_of(acls_.begin(), acls_.end(), [&](const Acl& acl) {
    bool every = acl.pattern == AclPattern::kLiteral ? acl.name == kAclWildcard : acl.name.empty();
    return acl.resource == resource && every && is_about_client(acl, principal, host) && denies(acl, wanted);
  });
}

bool AclSet::allows_some(AclResource resource, const std::string& principal, const std::string& host,
                         AclOperation wanted) const {
  if (denies_every(resource, principal, host, wanted)) return false;
  auto is_denied = [&](const Acl& permission) {
    return std::any_of(acls_.begin(), acls_.end(), [&](const Acl& acl) {
      if (acl.resource != resource || !is_about_client(acl, principal, host) || !denies(acl, wanted)) return false;
      bool whole = acl.pattern == AclPattern::kPrefixed && permission.name.starts_with(acl.name);
      return whole || (acl.pattern == permission.pattern && acl.name == permission.name);
    });
  };
  return std::any_of(acls_.begin(), acls_.end(), [&](const Acl& acl) {
    bool every = acl.pattern == AclPattern::kLiteral && acl.name == kAclWildcard;
    return acl.resource == resource && is_about_client(acl, principal, host) && allows(acl, wanted) &&
           (every || !is_denied(acl));
  });
}

std::string to_string(AclOperation operation) {
  auto number = static_cast<size_t>(operation);
  return kOperationNames[number < std::size(kOperationNames) ? number : 0];
}

std::string to_string(AclResource resource) {
  auto number = static_cast<size_t>(resource);
  return kResourceNames[number < std::size(kResourceNames) ? number : 0];
}

std::optional<AclOperation> parse_operation(const std::string& text) {
  std::string lower = text;
  std::transform(lower.begin(), lower.end(), lower.begin(), [](char c) {
    return c == '_' ? '-' : c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c;
  });
  auto found = std::find(std::begin(kOperationNames) + 1, std::end(kOperationNames), lower);
  if (found == std::end(kOperationNames)) return std::nullopt;
  return static_cast<AclOperation>(std::distance(std::begin(kOperationNames), found));
}

}  // namespace leat
