// Contexts from texts in PEM.
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>

#include <algorithm>
#include <vector>

#include "env/tls.h"
#include "env/tls_openssl.h"

namespace leat {
namespace {

using Bio = std::unique_ptr<BIO, decltype(&BIO_free)>;
using Certificate = std::unique_ptr<X509, decltype(&X509_free)>;
using Key = std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)>;

Bio read_of(const std::string& text) {
  return {BIO_new_mem_buf(text.data(), static_cast<int>(text.size())), BIO_free};
}

// A key that is encrypted would have the library ask the terminal for its password.
int no_password(char*, int, int, void*) {
  return 0;
}

Result<std::vector<Certificate>> read_certificates(const std::string& text, const char* what) {
  std::vector<Certificate> out;
  Bio in = read_of(text);
  while (true) {
    Certificate next(PEM_read_bio_X509(in.get(), nullptr, no_password, nullptr), X509_free);
    if (!next) break;
    out.push_back(std::move(next));
  }
  bool at_end = ERR_GET_REASON(ERR_peek_last_error()) == PEM_R_NO_START_LINE;
  ERR_clear_error();
  if (out.empty() || !at_end) {
    return Error{Errc::kInvalidArgument,
                 std::string(what) + ": expected certificates in PEM (-----BEGIN CERTIFICATE-----)"};
  }
  return out;
}

Status use_key(SSL_CTX* context, const std::string& text) {
  Bio in = read_of(text);
  Key key(PEM_read_bio_PrivateKey(in.get(), nullptr, no_password, nullptr), EVP_PKEY_free);
  if (!key) {
    ERR_clear_error();
    return Error{Errc::kInvalidArgument,
                 "the key: expected a private key in PEM that is not encrypted "
                 "(-----BEGIN PRIVATE KEY-----)"};
  }
  bool fits = SSL_CTX_use_PrivateKey(context, key.get()) == 1 && SSL_CTX_check_private_key(context) == 1;
  if (!fits) return Error{Errc::kInvalidArgument, "the key is not that of the first certificate"};
  return {};
}

Status use_chain(SSL_CTX* context, const TlsSettings& settings) {
  TRY_ASSIGN(auto chain, read_certificates(settings.chain, "the certificates"));
  if (SSL_CTX_use_certificate(context, chain[0].get()) != 1) return tls_error("the first certificate");
  for (size_t i = 1; i < chain.size(); ++i) {
    if (SSL_CTX_add1_chain_cert(context, chain[i].get()) != 1) return tls_error("the chain of certificates");
  }
  return use_key(context, settings.key);
}

Status trust(SSL_CTX* context, const std::string& text) {
  TRY_ASSIGN(auto authorities, read_certificates(text, "the trusted certificates"));
  for (const Certificate& each : authorities) {
    if (X509_STORE_add_cert(SSL_CTX_get_cert_store(context), each.get()) != 1)
      return tls_error("a trusted certificate");
    SSL_CTX_add_client_CA(context, each.get());  // Tells clients which of theirs to show.
  }
  return {};
}

Status limit_protocols(SSL_CTX* context, const std::vector<std::string>& names) {
  auto has = [&names](const char* name) { return std::find(names.begin(), names.end(), name) != names.end(); };
  bool old = has("TLSv1.2"), current = has("TLSv1.3");
  if (!old && !current) return Error{Errc::kInvalidArgument, "no protocol is enabled: TLSv1.2 and TLSv1.3 are there"};
  CHECK(SSL_CTX_set_min_proto_version(context, old ? TLS1_2_VERSION : TLS1_3_VERSION) == 1);
  CHECK(SSL_CTX_set_max_proto_version(context, current ? TLS1_3_VERSION : TLS1_2_VERSION) == 1);
  return {};
}

// The suites of TLS 1.3 are set apart, and OpenSSL has names of its own for the others. A version of which none is
// named has none.
Status limit_ciphers(SSL_CTX* context, const std::vector<std::string>& names) {
  if (names.empty()) return {};
  std::string current, old;
  for (const std::string& name : names) {
    bool is_current = name.find("_WITH_") == std::string::npos;
    std::string known = is_current ? name : OPENSSL_cipher_name(name.c_str());
    (is_current ? current : old) += known + ':';
    bool taken = is_current ? SSL_CTX_set_ciphersuites(context, name.c_str()) == 1
                            : SSL_CTX_set_cipher_list(context, known.c_str()) == 1;
    if (!taken) return tls_error("cipher suite '" + name + "'");
  }
  if (current.empty()) CHECK(SSL_CTX_set_max_proto_version(context, TLS1_2_VERSION) == 1);
  if (old.empty()) CHECK(SSL_CTX_set_min_proto_version(context, TLS1_3_VERSION) == 1);
  if (SSL_CTX_get_min_proto_version(context) > SSL_CTX_get_max_proto_version(context)) {
    return Error{Errc::kInvalidArgument, "no cipher suite is of a protocol that is enabled"};
  }
  if (!current.empty()) CHECK(SSL_CTX_set_ciphersuites(context, current.c_str()) == 1);
  if (!old.empty()) CHECK(SSL_CTX_set_cipher_list(context, old.c_str()) == 1);
  return {};
}

class OpensslContext final : public TlsContext {
 public:
  explicit OpensslContext(const SSL_METHOD* method) : context_(SSL_CTX_new(method), SSL_CTX_free) {
    CHECK(context_);
    SSL_CTX_set_options(get(), SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION | SSL_OP_NO_TICKET);
    SSL_CTX_set_session_cache_mode(get(), SSL_SESS_CACHE_OFF);
    CHECK(SSL_CTX_set_num_tickets(get(), 0) == 1);
    SSL_CTX_set_mode(get(), SSL_MODE_RELEASE_BUFFERS);
  }
  SSL_CTX* get() const { return context_.get(); }

  std::unique_ptr<TlsSession> accept() const override { return make_tls_session(get(), std::nullopt); }
  std::unique_ptr<TlsSession> connect(const std::string& host) const override { return make_tls_session(get(), host); }

 private:
  std::unique_ptr<SSL_CTX, decltype(&SSL_CTX_free)> context_;
};

}  // namespace

Error tls_error(const std::string& what) {
  unsigned long code = ERR_peek_error();
  std::string reason = code == 0                                  ? "unknown"
                       : ERR_reason_error_string(code) == nullptr ? "unknown"
                                                                  : ERR_reason_error_string(code);
  ERR_clear_error();
  return {Errc::kInvalidArgument, what + ": " + reason};
}

Result<std::shared_ptr<const TlsContext>> TlsContext::for_server(const TlsSettings& settings) {
  auto out = std::make_shared<OpensslContext>(TLS_server_method());
  TRY(limit_protocols(out->get(), settings.protocols));
  TRY(limit_ciphers(out->get(), settings.ciphers));
  TRY(use_chain(out->get(), settings));
  bool asks = settings.client_auth != TlsSettings::ClientAuth::kNone;
  if (asks && settings.trusted.empty()) {
    return Error{Errc::kInvalidArgument, "clients are asked for certificates, and no authority is trusted"};
  }
  if (!settings.trusted.empty()) TRY(trust(out->get(), settings.trusted));
  bool must = settings.client_auth == TlsSettings::ClientAuth::kRequired;
  SSL_CTX_set_verify(out->get(),
                     asks ? SSL_VERIFY_PEER | (must ? SSL_VERIFY_FAIL_IF_NO_PEER_CERT : 0) : SSL_VERIFY_NONE, nullptr);
  return std::shared_ptr<const TlsContext>(std::move(out));
}

Result<std::shared_ptr<const TlsContext>> TlsContext::for_client(const TlsSettings& settings) {
  auto out = std::make_shared<OpensslContext>(TLS_client_method());
  TRY(limit_protocols(out->get(), settings.protocols));
  TRY(limit_ciphers(out->get(), settings.ciphers));
  if (!settings.chain.empty()) TRY(use_chain(out->get(), settings));
  if (settings.trusted.empty()) {
    if (SSL_CTX_set_default_verify_paths(out->get()) != 1) return tls_error("the system's trusted certificates");
  } else {
    TRY(trust(out->get(), settings.trusted));
  }
  SSL_CTX_set_verify(out->get(), SSL_VERIFY_PEER, nullptr);
  return std::shared_ptr<const TlsContext>(std::move(out));
}

}  // namespace leat
