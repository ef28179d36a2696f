#pragma once
// TLS over bytes: what comes from a peer goes in, what is to be sent to it comes out, and no socket is known here.
// TLS 1.2 and 1.3; no renegotiation, no resumption, no compression. The only files that know OpenSSL's TLS.
//
// Threads: a context may be used from any, a session belongs to one at a time.
#include <memory>
#include <string>
#include <vector>

#include "base/result.h"
#include "base/types.h"

namespace leat {

// Texts in PEM, as Kafka's ssl.keystore.type=PEM has them.
struct TlsSettings {
  enum class ClientAuth : uint8_t { kNone, kRequested, kRequired };  // ssl.client.auth

  std::string chain;    // Certificates, our own first. Empty: none, for a client that does not show one.
  std::string key;      // Its private key, not encrypted.
  std::string trusted;  // Certificates of authorities. Empty: a client trusts those of the system, a server none.
  ClientAuth client_auth = ClientAuth::kNone;
  std::vector<std::string> protocols = {"TLSv1.2", "TLSv1.3"};  // ssl.enabled.protocols: one of them, or both.
  std::vector<std::string> ciphers = {};  // ssl.cipher.suites, by IANA's names. Empty: what OpenSSL takes for good.
};

class TlsSession;

class TlsContext {
 public:
  virtual ~TlsContext() = default;
  // kInvalidArgument says which text is wrong, and how.
  static Result<std::shared_ptr<const TlsContext>> for_server(const TlsSettings&);
  static Result<std::shared_ptr<const TlsContext>> for_client(const TlsSettings&);

  virtual std::unique_ptr<TlsSession> accept() const = 0;
  // `host`: whose certificate the server has to show; a name or an address.
  virtual std::unique_ptr<TlsSession> connect(const std::string& host) const = 0;
};

class TlsSession {
 public:
  virtual ~TlsSession() = default;
  // A client's first bytes; a server's are made by receive().
  virtual Status start() = 0;
  // Takes what came, and appends to `plain` what it says. An error is the end of the session, and an alert may be
  // among what is outgoing. kIo.
  virtual Status receive(BytesView bytes, Bytes& plain) = 0;
  virtual Status send(BytesView plain) = 0;  // Once it is open.
  virtual Bytes take_outgoing() = 0;
  virtual bool is_open() const = 0;         // The handshake is over.
  virtual bool peer_has_ended() const = 0;  // It said that nothing more comes.
  virtual void end() = 0;                   // Says so to the peer.
  // Of the certificate that the peer has shown and that is trusted, as Java writes it (RFC 2253): "CN=alice,O=Acme".
  // Empty: none was shown.
  virtual std::string peer_subject() const = 0;
};

}  // namespace leat
