#pragma once
// ScramServer: the server's half of one exchange: first(), then final(). Any error ends it.
#include "security/scram.h"

namespace leat {

class ScramServer {
 public:
  // `nonce`: unguessable, printable, without a comma; the server's part.
  ScramServer(ScramMechanism mechanism, std::string nonce) : mechanism_(mechanism), nonce_(std::move(nonce)) {}

  // Reads the client's first message: user() is who it says that it is.
  Status take_first(BytesView client_first);
  const std::string& user() const { return user_; }
  // The answer, with what is known of that user. Somebody unknown gets a credential that nothing fits, so that nobody
  // learns who there is.
  Bytes answer_first(const ScramCredential&);
  // The client's proof. The server's own proof, or kInvalidArgument.
  Result<Bytes> final(BytesView client_final);

 private:
  ScramMechanism mechanism_;
  std::string nonce_;  // The server's.
  std::string user_, gs2_header_, client_nonce_;
  ScramCredential credential_;
  ScramMessages messages_;
};

}  // namespace leat
