#include "security/scram_server.h"

#include "base/base64.h"

namespace leat {
namespace {

Error malformed_message(const char* what) {
  return {Errc::kInvalidArgument, std::string("the client's SCRAM message is malformed_message: ") + what};
}

}  // namespace

Status ScramServer::take_first(BytesView client_first) {
  // The header says that the client does not bind to the channel: there is nothing here to bind to.
  BytesView rest = client_first;
  if (!rest.starts_with("n,") && !rest.starts_with("y,")) return malformed_message("its header is not 'n,'");
  rest.remove_prefix(2);
  std::string other_name;
  if (auto given = take_attribute(rest, 'a')) {
    auto name = unescape_name(*given);
    if (!name) return malformed_message("the name to act as");
    other_name = *name;
  } else if (rest.starts_with(",")) {
    rest.remove_prefix(1);
  } else {
    return malformed_message("its header");
  }
  gs2_header_ = client_first.substr(0, client_first.size() - rest.size());
  messages_.client_first_bare = rest;
  auto escaped = take_attribute(rest, 'n');
  auto user = escaped ? unescape_name(*escaped) : std::nullopt;
  if (!user || user->empty()) return malformed_message("the user's name");
  auto client_nonce = take_attribute(rest, 'r');
  if (!client_nonce || client_nonce->empty()) return malformed_message("the nonce");
  if (!other_name.empty() && other_name != *user) {
    return Error{Errc::kInvalidArgument, "acting as somebody else is not possible"};
  }
  user_ = std::move(*user);
  client_nonce_ = std::move(*client_nonce);
  return {};
}

Bytes ScramServer::answer_first(const ScramCredential& credential) {
  credential_ = credential;
  messages_.server_first = "r=" + client_nonce_ + nonce_ + ",s=" + to_base64(credential.salt) +
                           ",i=" + std::to_string(credential.iterations);
  return messages_.server_first;
}

Result<Bytes> ScramServer::final(BytesView client_final) {
  size_t proof_at = client_final.rfind(",p=");
  if (proof_at == BytesView::npos) return malformed_message("there is no proof");
  messages_.client_final_without_proof = client_final.substr(0, proof_at);
  BytesView rest = client_final.substr(0, proof_at);
  if (take_attribute(rest, 'c') != to_base64(gs2_header_)) return malformed_message("another channel binding");
  // As Kafka looks at it: librdkafka before 2.6.1 puts its own nonce there twice. The proof is over what was sent.
  auto nonce = take_attribute(rest, 'r');
  if (!nonce || !nonce->starts_with(client_nonce_) || !nonce->ends_with(nonce_))
    return malformed_message("another nonce");
  auto proof = from_base64(client_final.substr(proof_at + 3));
  HashKind kind = hash_of(mechanism_);
  if (!proof || proof->size() != hash_size(kind)) return malformed_message("the proof");
  std::string signed_text = messages_.all();
  Bytes client_key = exclusive_or(*proof, hmac(kind, credential_.stored_key, signed_text));
  if (!equal_in_constant_time(hash(kind, client_key), credential_.stored_key)) {
    return Error{Errc::kInvalidArgument, "the proof is wrong"};
  }
  return "v=" + to_base64(hmac(kind, credential_.server_key, signed_text));
}

}  // namespace leat
