#pragma once
// SCRAM (RFC 5802, RFC 7677): a client proves that it knows a password, and the server that it knows of it, and neither
// the password nor anything that would do instead of it is on the wire or on the server's disk.
#include <string>

#include "base/result.h"
#include "security/digest.h"

namespace leat {

// Kafka's numbers.
enum class ScramMechanism : int8_t { kSha256 = 1, kSha512 = 2 };
inline constexpr ScramMechanism kScramMechanisms[] = {ScramMechanism::kSha256, ScramMechanism::kSha512};

const char* name_of(ScramMechanism);  // "SCRAM-SHA-256", as clients ask for it.
HashKind hash_of(ScramMechanism);
std::optional<ScramMechanism> scram_mechanism(const std::string& name);

// As Kafka has them: fewer are too easy to guess by trying, more would let a client have the server compute.
inline constexpr int kScramIterationsMin = 4096, kScramIterationsMax = 16384;

// What a server keeps instead of a password.
struct ScramCredential {
  int32_t iterations = kScramIterationsMin;
  Bytes salt, stored_key, server_key;
  bool operator==(const ScramCredential&) const = default;
};

ScramCredential make_credential(ScramMechanism, BytesView password, BytesView salt, int iterations);
// The same from what the password and the salt make: clients that set a password send that.
ScramCredential credential_from(ScramMechanism, BytesView salted_password, BytesView salt, int iterations);
// For PLAIN, where the client sends the password itself.
bool is_password(ScramMechanism, const ScramCredential&, BytesView password);

// What both sides sign.
struct ScramMessages {
  std::string client_first_bare, server_first, client_final_without_proof;
  std::string all() const { return client_first_bare + "," + server_first + "," + client_final_without_proof; }
};

// The value of `name` at the front of an SCRAM message, and its comma, are taken off. Null: something else is there.
std::optional<std::string> take_attribute(BytesView& message, char name);
// A name as it stands in a message: ',' and '=' are written as "=2C" and "=3D".
std::string escape_name(BytesView);
std::optional<std::string> unescape_name(BytesView);

}  // namespace leat
