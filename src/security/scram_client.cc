#include "security/scram_client.h"

#include <charconv>

#include "base/base64.h"

namespace leat {
namespace {

constexpr const char* kNoChannelBinding = "n,,";
// A server may want a client to compute for ever; Kafka's own stop at 16,384.
constexpr int kIterationsMax = 1'000'000;

Error malformed(const char* what) {
  return {Errc::kInvalidArgument, std::string("the server's SCRAM message is malformed: ") + what};
}

}  // namespace

Bytes ScramClient::first() {
  messages_.client_first_bare = "n=" + escape_name(user_) + ",r=" + nonce_;
  return kNoChannelBinding + messages_.client_first_bare;
}

Result<Bytes> ScramClient::final(BytesView server_first) {
  messages_.server_first = server_first;
  BytesView rest = server_first;
  auto nonce = take_attribute(rest, 'r');
  if (!nonce || !nonce->starts_with(nonce_) || nonce->size() == nonce_.size()) return malformed("the nonce");
  auto encoded = take_attribute(rest, 's');
  auto salt = encoded ? from_base64(*encoded) : std::nullopt;
  if (!salt || salt->empty()) return malformed("the salt");
  auto count = take_attribute(rest, 'i');
  int iterations = 0;
  bool counted = count && std::from_chars(count->data(), count->data() + count->size(), iterations).ptr ==
                              count->data() + count->size();
  if (!counted || iterations < kScramIterationsMin || iterations > kIterationsMax) {
    return malformed("the number of iterations");
  }
  messages_.client_final_without_proof = "c=" + to_base64(kNoChannelBinding) + ",r=" + *nonce;
  HashKind kind = hash_of(mechanism_);
  Bytes salted = pbkdf2(kind, password_, *salt, iterations);
  Bytes client_key = hmac(kind, salted, "Client Key");
  std::string signed_text = messages_.all();
  Bytes proof = exclusive_or(client_key, hmac(kind, hash(kind, client_key), signed_text));
  server_signature_ = hmac(kind, hmac(kind, salted, "Server Key"), signed_text);
  return messages_.client_final_without_proof + ",p=" + to_base64(proof);
}

Status ScramClient::check(BytesView server_final) const {
  BytesView rest = server_final;
  auto encoded = take_attribute(rest, 'v');
  auto signature = encoded ? from_base64(*encoded) : std::nullopt;
  if (!signature) return malformed("its proof");
  if (server_signature_.empty() || !equal_in_constant_time(*signature, server_signature_)) {
    return Error{Errc::kInvalidArgument, "the server does not know this user's password: it may be another server"};
  }
  return {};
}

}  // namespace leat
