#include "server/listener_tls.h"

#include "log/files.h"

namespace leat {
namespace {

Error wrong(const char* setting, const std::string& why) {
  return {Errc::kInvalidArgument, std::string("setting '") + setting + "': " + why};
}

// The text, or what is in the file.
Result<std::string> text_of(FileSystem& files, const char* setting, const std::string& text, const std::string& path) {
  if (!text.empty() || path.empty()) return text;
  auto read = read_whole(files, path);
  if (!read) return wrong(setting, read.error().message);
  return *read;
}

TlsSettings::ClientAuth client_auth(const std::string& name) {
  if (name == "required") return TlsSettings::ClientAuth::kRequired;
  return name == "requested" ? TlsSettings::ClientAuth::kRequested : TlsSettings::ClientAuth::kNone;
}

}  // namespace

Result<std::shared_ptr<const TlsContext>> listener_tls(FileSystem& files, const SecuritySettings& settings) {
  if (!settings.tls()) return std::shared_ptr<const TlsContext>();
  if (settings.keystore_file.empty() && settings.keystore_chain.empty()) {
    return wrong("security.protocol", settings.protocol +
                                          " needs ssl.keystore.location, a file in PEM with the "
                                          "certificates of this broker and their key");
  }
  TlsSettings tls;
  TRY_ASSIGN(tls.chain, text_of(files, "ssl.keystore.location", settings.keystore_chain, settings.keystore_file));
  TRY_ASSIGN(tls.key, text_of(files, "ssl.keystore.location", settings.keystore_key, settings.keystore_file));
  TRY_ASSIGN(tls.trusted,
             text_of(files, "ssl.truststore.location", settings.truststore_certificates, settings.truststore_file));
  tls.protocols = settings.tls_protocols;
  tls.ciphers = settings.tls_ciphers;
  tls.client_auth = client_auth(settings.client_auth);
  auto context = TlsContext::for_server(tls);
  if (!context) return wrong("security.protocol", context.error().message);
  return context;
}

}  // namespace leat
