#include "security/scram.h"

#include <algorithm>

namespace leat {

const char* name_of(ScramMechanism mechanism) {
  return mechanism == ScramMechanism::kSha256 ? "SCRAM-SHA-256" : "SCRAM-SHA-512";
}

HashKind hash_of(ScramMechanism mechanism) {
  return mechanism == ScramMechanism::kSha256 ? HashKind::kSha256 : HashKind::kSha512;
}

std::optional<ScramMechanism> scram_mechanism(const std::string& name) {
  for (ScramMechanism each : kScramMechanisms) {
    if (name == name_of(each)) return each;
  }
  return std::nullopt;
}

ScramCredential credential_from(ScramMechanism mechanism, BytesView salted_password, BytesView salt, int iterations) {
  HashKind kind = hash_of(mechanism);
  return {iterations, Bytes(salt), hash(kind, hmac(kind, salted_password, "Client Key")),
          hmac(kind, salted_password, "Server Key")};
}

ScramCredential make_credential(ScramMechanism mechanism, BytesView password, BytesView salt, int iterations) {
  return credential_from(mechanism, pbkdf2(hash_of(mechanism), password, salt, iterations), salt, iterations);
}

bool is_password(ScramMechanism mechanism, const ScramCredential& credential, BytesView password) {
  auto made = make_credential(mechanism, password, credential.salt, credential.iterations);
  return equal_in_constant_time(made.stored_key, credential.stored_key);
}

std::optional<std::string> take_attribute(BytesView& message, char name) {
  if (message.size() < 2 || message[0] != name || message[1] != '=') return std::nullopt;
  size_t comma = std::min(message.find(','), message.size());
  std::string out(message.substr(2, comma - 2));
  message.remove_prefix(std::min(comma + 1, message.size()));
  return out;
}

std::string escape_name(BytesView name) {
  std::string out;
  for (char c : name) {
    if (c == ',') {
      out += "=2C";
    } else if (c == '=') {
      out += "=3D";
    } else {
      out += c;
    }
  }
  return out;
}

std::optional<std::string> unescape_name(BytesView text) {
  std::string out;
  for (size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '=') {
      out += text[i];
      continue;
    }
    BytesView code = text.substr(i, 3);
    if (code != "=2C" && code != "=3D") return std::nullopt;
    out += code == "=2C" ? ',' : '=';
    i += 2;
  }
  return out;
}

}  // namespace leat
