// Both ends of TLS, with certificates made here, over memory and over a real socket.
#include "env/tls.h"

#include <gtest/gtest.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include <cstdio>
#include <thread>

#include "env/loop.h"
#include "env/net_stream.h"
#include "env/posix.h"

namespace leat {
namespace {

using Names = std::vector<std::pair<const char*, std::string>>;

// A certificate and its key, in PEM. Nobody frees OpenSSL's objects here: the process ends soon.
struct Identity {
  X509* certificate = nullptr;
  EVP_PKEY* key = nullptr;

  std::string certificate_pem() const {
    BIO* out = BIO_new(BIO_s_mem());
    PEM_write_bio_X509(out, certificate);
    return text_of(out);
  }
  std::string key_pem(const char* password = nullptr) const {
    BIO* out = BIO_new(BIO_s_mem());
    PEM_write_bio_PrivateKey(out, key, password ? EVP_aes_128_cbc() : nullptr, nullptr, 0, nullptr,
                             const_cast<char*>(password));
    return text_of(out);
  }
  static std::string text_of(BIO* bio) {
    char* data = nullptr;
    long size = BIO_get_mem_data(bio, &data);
    std::string out(data, static_cast<size_t>(size));
    BIO_free(bio);
    return out;
  }
  ~Identity() {
    X509_free(certificate);
    EVP_PKEY_free(key);
  }
};

void extend(X509* certificate, int kind, const char* value) {
  X509_EXTENSION* extension = X509V3_EXT_conf_nid(nullptr, nullptr, kind, value);
  X509_add_ext(certificate, extension, -1);
  X509_EXTENSION_free(extension);
}

// Signed by `issuer`, or by itself.
std::shared_ptr<Identity> make_identity(const Names& names, const Identity* issuer, int64_t seconds = 3600) {
  auto out = std::make_shared<Identity>();
  out->key = EVP_EC_gen("P-256");
  out->certificate = X509_new();
  X509_set_version(out->certificate, 2);
  static long serial = 1;
  ASN1_INTEGER_set(X509_get_serialNumber(out->certificate), ++serial);
  X509_gmtime_adj(X509_getm_notBefore(out->certificate), -7200);
  X509_gmtime_adj(X509_getm_notAfter(out->certificate), static_cast<long>(seconds));
  X509_set_pubkey(out->certificate, out->key);
  X509_NAME* name = X509_get_subject_name(out->certificate);
  for (const auto& [field, value] : names) {
    X509_NAME_add_entry_by_txt(name, field, MBSTRING_UTF8, reinterpret_cast<const unsigned char*>(value.data()),
                               static_cast<int>(value.size()), -1, 0);
  }
  const Identity& signer = issuer ? *issuer : *out;
  X509_set_issuer_name(out->certificate, X509_get_subject_name(signer.certificate));
  if (issuer) {
    extend(out->certificate, NID_subject_alt_name, "DNS:broker.example,IP:127.0.0.1");
  } else {
    extend(out->certificate, NID_basic_constraints, "critical,CA:TRUE");
  }
  X509_sign(out->certificate, signer.key, EVP_sha256());
  return out;
}

struct World {
  std::shared_ptr<Identity> authority = make_identity({{"CN", "Test authority"}}, nullptr);
  std::shared_ptr<Identity> other = make_identity({{"CN", "Another authority"}}, nullptr);
  std::shared_ptr<Identity> server = make_identity({{"CN", "broker"}}, authority.get());
  std::shared_ptr<Identity> alice = make_identity({{"C", "SE"}, {"O", "Acme, Inc."}, {"CN", "alice"}}, authority.get());
  std::shared_ptr<Identity> mallory = make_identity({{"CN", "alice"}}, other.get());

  TlsSettings server_settings(TlsSettings::ClientAuth auth = TlsSettings::ClientAuth::kNone) const {
    return {server->certificate_pem(), server->key_pem(), authority->certificate_pem(), auth};
  }
  TlsSettings client_settings(const Identity* shown = nullptr) const {
    TlsSettings out;
    out.trusted = authority->certificate_pem();
    if (shown) out.chain = shown->certificate_pem(), out.key = shown->key_pem();
    return out;
  }
};

const World& world() {
  static const World kWorld;
  return kWorld;
}

// Two sessions in one memory.
struct Pair {
  std::unique_ptr<TlsSession> server, client;
  Bytes at_server, at_client;
  std::string server_error, client_error;

  Pair(const TlsSettings& server_settings, const TlsSettings& client_settings,
       const std::string& host = "broker.example") {
    auto accepting = TlsContext::for_server(server_settings);
    auto connecting = TlsContext::for_client(client_settings);
    EXPECT_TRUE(accepting) << accepting.error().message;
    EXPECT_TRUE(connecting) << connecting.error().message;
    server = (*accepting)->accept();
    client = (*connecting)->connect(host);
    EXPECT_TRUE(client->start());
    turn();
  }
  void turn() {
    while (true) {
      Bytes up = client->take_outgoing(), down = server->take_outgoing();
      if (up.empty() && down.empty()) return;
      if (Status taken = server->receive(up, at_server); !taken) server_error = taken.error().message;
      if (Status taken = client->receive(down, at_client); !taken) client_error = taken.error().message;
      if (!server_error.empty() || !client_error.empty()) return;
    }
  }
  bool is_open() const {
    return server_error.empty() && client_error.empty() && server->is_open() && client->is_open();
  }
};

TEST(Tls, CarriesWhatIsSaid) {
  Pair pair(world().server_settings(), world().client_settings());
  ASSERT_TRUE(pair.is_open()) << pair.server_error << pair.client_error;
  EXPECT_EQ(pair.server->peer_subject(), "");
  Bytes text(100'000, 'x');
  ASSERT_TRUE(pair.client->send(text));
  ASSERT_TRUE(pair.server->send("hello"));
  pair.turn();
  EXPECT_EQ(pair.at_server, text);
  EXPECT_EQ(pair.at_client, "hello");
  EXPECT_FALSE(pair.server->peer_has_ended());
  pair.client->end();
  pair.turn();
  EXPECT_TRUE(pair.server->peer_has_ended());
}

TEST(Tls, AClientBelievesTheRightServerOnly) {
  Pair wrong_name(world().server_settings(), world().client_settings(), "elsewhere.example");
  EXPECT_NE(wrong_name.client_error.find("not trusted"), std::string::npos) << wrong_name.client_error;
  Pair by_address(world().server_settings(), world().client_settings(), "127.0.0.1");
  EXPECT_TRUE(by_address.is_open());
  TlsSettings trusts_others = world().client_settings();
  trusts_others.trusted = world().other->certificate_pem();
  EXPECT_FALSE(Pair(world().server_settings(), trusts_others).is_open());
  auto expired = make_identity({{"CN", "broker"}}, world().authority.get(), -60);
  TlsSettings old{expired->certificate_pem(), expired->key_pem(), "", TlsSettings::ClientAuth::kNone};
  Pair late(old, world().client_settings());
  EXPECT_NE(late.client_error.find("expired"), std::string::npos) << late.client_error;
}

TEST(Tls, AServerLearnsWhoTheClientIs) {
  using Auth = TlsSettings::ClientAuth;
  for (Auth auth : {Auth::kRequested, Auth::kRequired}) {
    Pair shown(world().server_settings(auth), world().client_settings(world().alice.get()));
    ASSERT_TRUE(shown.is_open()) << shown.server_error;
    EXPECT_EQ(shown.server->peer_subject(), "CN=alice,O=Acme\\, Inc.,C=SE");
    Pair forged(world().server_settings(auth), world().client_settings(world().mallory.get()));
    EXPECT_FALSE(forged.is_open());
    EXPECT_EQ(forged.server->peer_subject(), "");
    Pair hidden(world().server_settings(auth), world().client_settings());
    EXPECT_EQ(hidden.is_open(), auth == Auth::kRequested);
    EXPECT_EQ(hidden.server->peer_subject(), "");
  }
}

// What Java's X500Principal says of the same names.
TEST(Tls, NamesAreWrittenAsJavaWritesThem) {
  for (const auto& [names, text] : std::vector<std::pair<Names, std::string>>{
           {{{"CN", "a"}, {"OU", "b"}, {"L", "c"}, {"ST", "d"}}, "ST=d,L=c,OU=b,CN=a"},
           {{{"DC", "org"}, {"UID", "jane"}}, "UID=jane,DC=org"},
           {{{"CN", "#a+b\"c\\d<e>f;g"}}, "CN=\\#a\\+b\\\"c\\\\d\\<e\\>f\\;g"},
           {{{"CN", " a b "}}, "CN=\\ a b\\ "},
           {{{"CN", "Zoë"}}, "CN=Zoë"},
           {{{"emailAddress", "a@b"}}, "1.2.840.113549.1.9.1=#1603614062"}}) {
    auto client = make_identity(names, world().authority.get());
    Pair pair(world().server_settings(TlsSettings::ClientAuth::kRequired), world().client_settings(client.get()));
    EXPECT_EQ(pair.server->peer_subject(), text);
  }
}

TEST(Tls, TextsThatAreNoPem) {
  TlsSettings good = world().server_settings();
  auto refused = [](const TlsSettings& settings, const char* says) {
    auto made = TlsContext::for_server(settings);
    ASSERT_FALSE(made) << says;
    EXPECT_NE(made.error().message.find(says), std::string::npos) << made.error().message;
  };
  for (const std::string& bad : {std::string(), std::string("x"), good.chain.substr(0, 100), good.key}) {
    TlsSettings settings = good;
    settings.chain = bad;
    refused(settings, "certificates");
  }
  TlsSettings settings = good;
  settings.key = world().alice->key_pem();
  refused(settings, "not that of the first certificate");
  settings.key = world().server->key_pem("password");
  refused(settings, "not encrypted");
  settings = good;
  settings.client_auth = TlsSettings::ClientAuth::kRequired;
  settings.trusted.clear();
  refused(settings, "no authority is trusted");
}

TEST(Tls, VersionsAndCipherSuitesAreThoseThatAreNamed) {
  using Texts = std::vector<std::string>;
  auto meets = [](const Texts& protocols, const Texts& ciphers, const Texts& of_client) {
    TlsSettings server = world().server_settings(), client = world().client_settings();
    server.protocols = protocols;
    server.ciphers = ciphers;
    client.protocols = of_client;
    return Pair(server, client).is_open();
  };
  EXPECT_TRUE(meets({"TLSv1.3"}, {}, {"TLSv1.3"}));
  EXPECT_FALSE(meets({"TLSv1.3"}, {}, {"TLSv1.2"}));
  EXPECT_FALSE(meets({"TLSv1.2"}, {}, {"TLSv1.3"}));
  Texts both = {"TLSv1.2", "TLSv1.3"};
  EXPECT_TRUE(meets(both, {"TLS_AES_256_GCM_SHA384"}, both));
  EXPECT_FALSE(meets(both, {"TLS_AES_256_GCM_SHA384"}, {"TLSv1.2"}));
  EXPECT_TRUE(meets(both, {"TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256"}, both));
  EXPECT_FALSE(meets(both, {"TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256"}, {"TLSv1.3"}));
  EXPECT_FALSE(meets(both, {"TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256"}, both)) << "the key is not RSA's";
  auto refused = [](const Texts& protocols, const Texts& ciphers) {
    TlsSettings settings = world().server_settings();
    settings.protocols = protocols;
    settings.ciphers = ciphers;
    return !TlsContext::for_server(settings);
  };
  EXPECT_TRUE(refused({"SSLv3"}, {}));
  EXPECT_TRUE(refused(both, {"TLS_ECDHE_RSA_WITH_NONSENSE"}));
  EXPECT_TRUE(refused(both, {"TLS_NONSENSE"}));
  EXPECT_TRUE(refused({"TLSv1.3"}, {"TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256"}));
}

TEST(Tls, GarbageIsAnError) {
  auto context = TlsContext::for_server(world().server_settings());
  for (const Bytes& garbage : {Bytes("GET / HTTP/1.1\r\n\r\n"), Bytes("\0\0\0\x1a\0\x12\0\3\0\0\0\1", 12),
                               Bytes(70'000, '\xff'), Bytes("\x16\x03\x01\x40\x01", 5) + Bytes(20'000, 'x')}) {
    auto session = (*context)->accept();
    Bytes plain;
    EXPECT_FALSE(session->receive(garbage, plain)) << garbage.substr(0, 20);
    EXPECT_FALSE(session->is_open());
    EXPECT_EQ(plain, "");
  }
  Pair pair(world().server_settings(), world().client_settings());  // And in the midst of a session.
  Bytes plain;
  EXPECT_FALSE(pair.server->receive("\x17\x03\x03\x01\x10" + Bytes(0x110, 'x'), plain));
  EXPECT_EQ(plain, "");
}

// Answers "ping" with a stretch of a file, and says who asked.
class Answerer final : public ConnectionHandler {
 public:
  Answerer(std::shared_ptr<Connection> connection, FileSlice file, std::vector<std::string>& heard)
      : connection_(std::move(connection)), file_(std::move(file)), heard_(heard) {
    heard_.push_back("open " + connection_->peer_subject());
  }
  void on_bytes(BytesView bytes) override {
    heard_.emplace_back(bytes);
    Outgoing out;
    out.bytes = "[]";
    out.splices.push_back({1, file_});
    connection_->send(std::move(out));
  }
  void on_closed(const std::string& why) override {
    heard_.push_back(why);
    connection_.reset();
  }

 private:
  std::shared_ptr<Connection> connection_;
  FileSlice file_;
  std::vector<std::string>& heard_;
};

TEST(Tls, AListenerEncryptsStretchesOfFiles) {
  auto file = std::shared_ptr<FILE>(tmpfile(), fclose);
  Bytes contents;
  for (int i = 0; contents.size() < 3'000'000; ++i) contents += std::to_string(i);
  ASSERT_EQ(fwrite(contents.data(), 1, contents.size(), file.get()), contents.size());
  ASSERT_EQ(fflush(file.get()), 0);
  FileSlice slice{file, fileno(file.get()), 100, 2'000'000};
  auto loop = make_asio_loop(1);
  std::vector<std::string> heard;
  auto context = TlsContext::for_server(world().server_settings(TlsSettings::ClientAuth::kRequired));
  ASSERT_TRUE(context);
  auto accept = [&](std::shared_ptr<Connection> connection) {
    return std::make_shared<Answerer>(std::move(connection), slice, heard);
  };
  auto bound = loop->listen({"127.0.0.1", 0}, accept, *context);
  ASSERT_TRUE(bound) << bound.error().message;
  Bytes got;
  std::string without_tls;
  std::thread client([&] {
    PosixEnv posix;
    Instant deadline{posix.env().clock.monotonic().value + 20'000'000'000};
    char buffer[4096];
    auto plain = make_posix_dialer(posix.env().clock)->dial(*bound, deadline);
    EXPECT_TRUE(plain && (*plain)->write("garbage, and no TLS", deadline));
    for (size_t some = 1; plain && some > 0;) {  // An alert, perhaps, and the end.
      auto got_some = (*plain)->read(buffer, deadline);
      some = got_some ? *got_some : 0;
    }
    auto trusted = TlsContext::for_client(world().client_settings(world().alice.get()));
    auto stream = make_tls_dialer(make_posix_dialer(posix.env().clock), *trusted)->dial(*bound, deadline);
    EXPECT_TRUE(stream) << stream.error().message;
    if (stream) {
      EXPECT_TRUE((*stream)->write("ping", deadline));
      while (got.size() < slice.size + 2) {
        auto some = (*stream)->read(buffer, deadline);
        if (!some || *some == 0) break;
        got.append(buffer, *some);
      }
      stream->reset();
    }
    loop->post([&] { loop->stop(); });
  });
  loop->run();
  client.join();
  EXPECT_TRUE(got == "[" + contents.substr(100, slice.size) + "]");
  ASSERT_GE(heard.size(), 2u);
  EXPECT_EQ(heard[0], "open CN=alice,O=Acme\\, Inc.,C=SE");  // Who spoke no TLS was never there.
  EXPECT_EQ(heard[1], "ping");
}

}  // namespace
}  // namespace leat
