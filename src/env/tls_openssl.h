#pragma once
// What the two halves of TLS share; for env/tls_*.cc alone.
#include <openssl/ssl.h>

#include <memory>
#include <optional>

#include "env/tls.h"

namespace leat {

// `host`: a client's, with the server that it means; nullopt: a server's.
std::unique_ptr<TlsSession> make_tls_session(SSL_CTX*, const std::optional<std::string>& host);
// OpenSSL's newest complaint, which is taken.
Error tls_error(const std::string& what);
// As Java's X500Principal::getName() writes it.
std::string subject_of(X509*);

}  // namespace leat
