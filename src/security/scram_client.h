#pragma once
// ScramClient: the client's half of one exchange: first(), final() with the server's answer, check() of its proof.
#include "security/scram.h"

namespace leat {

class ScramClient {
 public:
  // `nonce`: unguessable, printable, without a comma; the client's part.
  ScramClient(ScramMechanism mechanism, std::string user, std::string password, std::string nonce)
      : mechanism_(mechanism), user_(std::move(user)), password_(std::move(password)), nonce_(std::move(nonce)) {}

  Bytes first();
  // kInvalidArgument: the server does not speak SCRAM, or asks for fewer iterations than are safe or for endless ones.
  Result<Bytes> final(BytesView server_first);
  // Whether the server knows of the password, too: one that does not is an impostor.
  Status check(BytesView server_final) const;

 private:
  ScramMechanism mechanism_;
  std::string user_, password_, nonce_;
  ScramMessages messages_;
  Bytes server_signature_;
};

}  // namespace leat
