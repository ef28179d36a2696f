#include "server/acl_options.h"

#include "server/listing.h"

namespace leat {
namespace {

Error usage(const std::string& message) {
  return {Errc::kInvalidArgument, message};
}

struct Named {
  AclResource type;
  std::string name;
};

// What the rule is about; none if nothing is said.
Result<std::optional<Named>> resource_of(const Arguments& arguments) {
  std::vector<Named> all;
  if (auto name = arguments.last("--topic")) all.push_back({AclResource::kTopic, *name});
  if (auto name = arguments.last("--group")) all.push_back({AclResource::kGroup, *name});
  if (auto name = arguments.last("--transactional-id")) all.push_back({AclResource::kTransactionalId, *name});
  if (arguments.has("--cluster")) all.push_back({AclResource::kCluster, kClusterName});
  if (all.size() > 1) return usage("give one of --topic, --group, --transactional-id and --cluster");
  return all.empty() ? std::optional<Named>() : std::optional(all.front());
}

Result<std::vector<AclOperation>> operations_of(const Arguments& arguments) {
  std::vector<AclOperation> out;
  for (const std::string& text : arguments.all("--operation")) {
    auto operation = parse_operation(text);
    if (!operation || *operation == AclOperation::kAny) {
      return usage("--operation " + text +
                   ": expected read, write, create, delete, alter, describe, cluster-action, "
                   "describe-configs, alter-configs, idempotent-write or all");
    }
    out.push_back(*operation);
  }
  return out;
}

// "alice" is "User:alice".
std::string principal_of(const std::string& text) {
  return text.find(':') == std::string::npos ? "User:" + text : text;
}

}  // namespace

std::vector<OptionInfo> acl_options() {
  return {{"--topic", 't', "NAME", "A topic; '*': every one."},
          {"--group", 'g', "NAME", "A group; '*': every one."},
          {"--transactional-id", 0, "NAME", "A transactional id; '*': every one."},
          {"--cluster", 0, "", "The cluster itself."},
          {"--prefix", 0, "", "The name is what names begin with."},
          {"--principal", 'p', "NAME", "A user, as alice or User:CN=alice; '*': everybody."},
          {"--host", 0, "ADDRESS", "Where the client is. Default: anywhere."},
          {"--operation", 'o', "NAME", "read, write, describe, … or all. Repeatable.", {}, true},
          {"--deny", 0, "", "A denial, which counts more than any permission."}};
}

Result<std::vector<Acl>> read_acls(const Arguments& arguments) {
  TRY_ASSIGN(auto resource, resource_of(arguments));
  TRY_ASSIGN(auto operations, operations_of(arguments));
  auto principal = arguments.last("--principal");
  if (!resource) return usage("what is the rule about? --topic, --group, --transactional-id or --cluster");
  if (!principal) return usage("who is the rule about? --principal NAME");
  if (operations.empty()) return usage("what may be done? --operation NAME");
  std::vector<Acl> out;
  for (AclOperation operation : operations) {
    out.push_back({resource->type, arguments.has("--prefix") ? AclPattern::kPrefixed : AclPattern::kLiteral,
                   resource->name, principal_of(*principal), arguments.value_or("--host", kAclWildcard), operation,
                   arguments.has("--deny") ? AclPermission::kDeny : AclPermission::kAllow});
  }
  return out;
}

Result<AclFilter> read_acl_filter(const Arguments& arguments) {
  TRY_ASSIGN(auto resource, resource_of(arguments));
  TRY_ASSIGN(auto operations, operations_of(arguments));
  if (operations.size() > 1) return usage("give one --operation");
  AclFilter out;
  if (resource) {
    out.resource = resource->type;
    out.name = resource->name;
    out.pattern = arguments.has("--prefix") ? AclPattern::kPrefixed : AclPattern::kLiteral;
  }
  if (auto principal = arguments.last("--principal")) out.principal = principal_of(*principal);
  out.host = arguments.last("--host");
  if (!operations.empty()) out.operation = operations.front();
  if (arguments.has("--deny")) out.permission = AclPermission::kDeny;
  return out;
}

Status write_acls(Console& console, const std::vector<Acl>& acls, bool json) {
  Listing listing({{"resource"}, {"name"}, {"pattern"}, {"principal"}, {"host"}, {"permission"}, {"operation"}});
  for (const Acl& acl : acls) {
    listing.add({to_string(acl.resource), acl.name,
                 std::string(acl.pattern == AclPattern::kPrefixed ? "prefix" : "literal"), acl.principal, acl.host,
                 std::string(acl.permission == AclPermission::kDeny ? "deny" : "allow"), to_string(acl.operation)});
  }
  return listing.write(console, json);
}

}  // namespace leat
