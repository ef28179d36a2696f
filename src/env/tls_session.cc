// Sessions: OpenSSL between two buffers in memory.
#include <openssl/err.h>
#include <openssl/x509v3.h>

#include "env/tls_openssl.h"

namespace leat {
namespace {

constexpr size_t kRecordBytes = 16 * 1024;

class OpensslSession final : public TlsSession {
 public:
  OpensslSession(SSL_CTX* context, const std::optional<std::string>& host) : ssl_(SSL_new(context), SSL_free) {
    CHECK(ssl_);
    in_ = BIO_new(BIO_s_mem());
    out_ = BIO_new(BIO_s_mem());
    CHECK(in_ != nullptr && out_ != nullptr);
    BIO_set_mem_eof_return(in_, -1);  // Empty means later, not never.
    BIO_set_mem_eof_return(out_, -1);
    SSL_set_bio(get(), in_, out_);  // They are its from now on.
    if (host) {
      SSL_set_connect_state(get());
      expect(*host);
    } else {
      SSL_set_accept_state(get());
    }
  }

  Status start() override { return shake_hands(); }

  Status receive(BytesView bytes, Bytes& plain) override {
    if (!bytes.empty())
      CHECK(BIO_write(in_, bytes.data(), static_cast<int>(bytes.size())) == static_cast<int>(bytes.size()));
    if (!is_open()) TRY(shake_hands());
    if (!is_open()) return {};
    while (true) {
      size_t had = plain.size(), got = 0;
      plain.resize(had + kRecordBytes);
      ERR_clear_error();
      int done = SSL_read_ex(get(), plain.data() + had, kRecordBytes, &got);
      plain.resize(had + (done == 1 ? got : 0));
      if (done != 1) return outcome(done);
    }
  }

  Status send(BytesView plain) override {
    CHECK(is_open());
    while (!plain.empty()) {
      size_t sent = 0;
      ERR_clear_error();
      int done = SSL_write_ex(get(), plain.data(), plain.size(), &sent);
      if (done != 1) return Error{Errc::kIo, "TLS: " + tls_error("sending").message};
      plain.remove_prefix(sent);
    }
    return {};
  }

  Bytes take_outgoing() override {
    Bytes out(BIO_ctrl_pending(out_), '\0');
    if (!out.empty()) CHECK(BIO_read(out_, out.data(), static_cast<int>(out.size())) == static_cast<int>(out.size()));
    return out;
  }

  bool is_open() const override { return SSL_is_init_finished(get()) == 1; }
  bool peer_has_ended() const override { return (SSL_get_shutdown(get()) & SSL_RECEIVED_SHUTDOWN) != 0; }
  void end() override {
    ERR_clear_error();
    if (is_open()) SSL_shutdown(get());
    ERR_clear_error();
  }

  std::string peer_subject() const override {
    bool trusted =
        is_open() && SSL_get_verify_mode(get()) != SSL_VERIFY_NONE && SSL_get_verify_result(get()) == X509_V_OK;
    X509* certificate = trusted ? SSL_get0_peer_certificate(get()) : nullptr;
    return certificate == nullptr ? "" : subject_of(certificate);
  }

 private:
  SSL* get() const { return ssl_.get(); }

  void expect(const std::string& host) {
    X509_VERIFY_PARAM* wanted = SSL_get0_param(get());
    if (X509_VERIFY_PARAM_set1_ip_asc(wanted, host.c_str()) == 1) return;
    ERR_clear_error();
    CHECK(SSL_set1_host(get(), host.c_str()) == 1);
    CHECK(SSL_set_tlsext_host_name(get(), host.c_str()) == 1);
  }

  Status shake_hands() {
    ERR_clear_error();
    int done = SSL_do_handshake(get());
    return done == 1 ? Status() : outcome(done);
  }

  // Of a call that did not do all of it.
  Status outcome(int done) {
    int why = SSL_get_error(get(), done);
    if (why == SSL_ERROR_WANT_READ || why == SSL_ERROR_WANT_WRITE || why == SSL_ERROR_ZERO_RETURN) return {};
    int reason = ERR_GET_REASON(ERR_peek_error());
    if (reason == SSL_R_HTTP_REQUEST || reason == SSL_R_WRONG_VERSION_NUMBER || reason == SSL_R_UNEXPECTED_MESSAGE) {
      ERR_clear_error();
      return Error{Errc::kIo, "TLS: the other side does not speak it"};
    }
    long verified = SSL_get_verify_result(get());
    if (reason == SSL_R_CERTIFICATE_VERIFY_FAILED && verified != X509_V_OK) {
      ERR_clear_error();
      return Error{Errc::kIo,
                   std::string("TLS: the certificate is not trusted: ") + X509_verify_cert_error_string(verified)};
    }
    return Error{Errc::kIo, tls_error("TLS").message};
  }

  std::unique_ptr<SSL, decltype(&SSL_free)> ssl_;
  BIO *in_ = nullptr, *out_ = nullptr;  // Of ssl_.
};

}  // namespace

std::unique_ptr<TlsSession> make_tls_session(SSL_CTX* context, const std::optional<std::string>& host) {
  return std::make_unique<OpensslSession>(context, host);
}

}  // namespace leat
