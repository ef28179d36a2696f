#pragma once
// Rules about who may do what with which resource, and what they say together. Kafka's numbers and meanings: KIP-11,
// KIP-290 (prefixes), KIP-679 (any resource of a kind). Pure.
#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace leat {

enum class AclResource : int8_t {
  kAny = 1,
  kTopic = 2,
  kGroup = 3,
  kCluster = 4,
  kTransactionalId = 5,
  kDelegationToken = 6,
  kUser = 7,
};
enum class AclPattern : int8_t { kAny = 1, kMatch = 2, kLiteral = 3, kPrefixed = 4 };
enum class AclOperation : int8_t {
  kAny = 1,
  kAll = 2,
  kRead = 3,
  kWrite = 4,
  kCreate = 5,
  kDelete = 6,
  kAlter = 7,
  kDescribe = 8,
  kClusterAction = 9,
  kDescribeConfigs = 10,
  kAlterConfigs = 11,
  kIdempotentWrite = 12,
  kCreateTokens = 13,
  kDescribeTokens = 14,
  kTwoPhaseCommit = 15,
};
enum class AclPermission : int8_t { kAny = 1, kDeny = 2, kAllow = 3 };

inline constexpr const char* kClusterName = "kafka-cluster";  // The only resource of kind kCluster.
inline constexpr const char* kAclWildcard = "*";              // As a literal name, or as a host.

// One rule. As a value of a rule that exists, nothing in it is kAny or kMatch.
struct Acl {
  AclResource resource = AclResource::kTopic;
  AclPattern pattern = AclPattern::kLiteral;
  std::string name;
  std::string principal;  // "User:alice"; "User:*" is everybody.
  std::string host;       // An address, or "*".
  AclOperation operation = AclOperation::kAll;
  AclPermission permission = AclPermission::kAllow;
  auto operator<=>(const Acl&) const = default;
};

// Which rules are meant; nullopt and kAny let everything through, kMatch those that apply to a resource of that name.
struct AclFilter {
  AclResource resource = AclResource::kAny;
  AclPattern pattern = AclPattern::kAny;
  std::optional<std::string> name, principal, host;
  AclOperation operation = AclOperation::kAny;
  AclPermission permission = AclPermission::kAny;
  bool matches(const Acl&) const;
};

class AclSet {
 public:
  void add(const Acl& acl) { acls_.insert(acl); }
  void remove(const Acl& acl) { acls_.erase(acl); }
  const std::set<Acl>& all() const { return acls_; }
  bool operator==(const AclSet&) const = default;

  enum class Verdict { kNoRule, kDenied, kAllowed };
  // kNoRule: no rule is about this resource at all. A denial counts more than a permission.
  Verdict judge(AclResource, const std::string& name, const std::string& principal, const std::string& host,
                AclOperation) const;
  // Whether there can be a resource of this kind that it may be done with.
  bool allows_some(AclResource, const std::string& principal, const std::string& host, AclOperation) const;
  // Whether nobody may do it with any resource of this kind, by a rule.
  bool denies_every(AclResource, const std::string& principal, const std::string& host, AclOperation) const;

 private:
  std::vector<const Acl*> about(AclResource, const std::string& name) const;

  std::set<Acl> acls_;
};

// Names as people write them, in Kafka's commands and ours: "READ", "read"; "topic", "transactional-id".
std::string to_string(AclOperation);
std::string to_string(AclResource);
std::optional<AclOperation> parse_operation(const std::string&);

}  // namespace leat
