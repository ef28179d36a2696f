#include "broker/access/credentials.h"

#include <algorithm>
#include <vector>

#include "base/big_endian.h"

namespace leat {
namespace {

constexpr size_t kUsualSaltBytes = 16;

// Kafka's own tool makes salts of these.
bool is_base_36(BytesView salt) {
  return std::all_of(salt.begin(), salt.end(), [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z'); });
}

char base_36(char c) {
  return "0123456789abcdefghijklmnopqrstuvwxyz"[static_cast<unsigned char>(c) % 36];
}

}  // namespace

void Credentials::remove(const std::string& user, ScramMechanism mechanism) {
  auto found = users_.find(user);
  if (found == users_.end()) return;
  found->second.erase(mechanism);
  if (found->second.empty()) users_.erase(found);
}

ScramCredential Credentials::find_or_feign(const std::string& user, ScramMechanism mechanism) const {
  auto found = users_.find(user);
  if (found == users_.end()) return feign(user, mechanism);
  auto credential = found->second.find(mechanism);
  return credential == found->second.end() ? feign(user, mechanism) : credential->second;
}

std::pair<ScramMechanism, ScramCredential> Credentials::any_or_feign(const std::string& user) const {
  auto found = users_.find(user);
  if (found != users_.end()) return *found->second.begin();
  ScramMechanism usual = users_.empty() ? ScramMechanism::kSha256 : users_.begin()->second.begin()->first;
  return {usual, feign(user, usual)};
}

// It takes after one of the real ones, which one being a matter of the name.
ScramCredential Credentials::feign(const std::string& user, ScramMechanism mechanism) const {
  std::vector<const ScramCredential*> real;
  for (const auto& [name, credentials] : users_) {
    auto found = credentials.find(mechanism);
    if (found != credentials.end()) real.push_back(&found->second);
  }
  Bytes drawn = hmac(HashKind::kSha512, secret_, std::string("salt of ") + name_of(mechanism) + " " + user);
  ScramCredential out;
  out.salt = drawn.substr(0, kUsualSaltBytes);
  if (!real.empty()) {
    auto number = load_big<uint32_t>(hmac(HashKind::kSha256, secret_, "model of " + user).data());
    const ScramCredential& model = *real[number % real.size()];
    out.iterations = model.iterations;
    while (drawn.size() < model.salt.size()) drawn += hash(HashKind::kSha512, drawn);
    out.salt = drawn.substr(0, model.salt.size());
    if (is_base_36(model.salt)) std::transform(out.salt.begin(), out.salt.end(), out.salt.begin(), base_36);
  }
  out.stored_key = hmac(hash_of(mechanism), secret_, "stored key of " + user);
  out.server_key = hmac(hash_of(mechanism), secret_, "server key of " + user);
  return out;
}

}  // namespace leat
