#include "server/cluster_access.h"

#include <cstdlib>

#include "log/files.h"
#include "server/secret.h"

namespace leat {
namespace {

std::string bootstrap_of(const Arguments& arguments) {
  if (auto given = arguments.last("--bootstrap")) return *given;
  const char* variable = std::getenv("LEAT_BOOTSTRAP");
  return variable != nullptr && *variable != '\0' ? variable : "127.0.0.1:9092";
}

// Null: not encrypted.
Result<std::shared_ptr<const TlsContext>> tls_of(FileSystem& files, const Arguments& arguments) {
  auto authorities = arguments.last("--tls-ca"), own = arguments.last("--tls-cert");
  if (!authorities && !own && !arguments.has("--tls")) return std::shared_ptr<const TlsContext>();
  TlsSettings settings;
  if (authorities) {
    TRY_ASSIGN(settings.trusted, read_whole(files, *authorities));
  }
  if (own) {
    TRY_ASSIGN(settings.chain, read_whole(files, *own));
    settings.key = settings.chain;
  }
  auto context = TlsContext::for_client(settings);
  if (context) return context;
  return Error{context.error().code, "--tls-ca, --tls-cert: " + context.error().message};
}

Result<std::optional<client::Login>> login_of(Env env, const Arguments& arguments, Console& console, bool encrypted) {
  auto user = arguments.last("--user");
  if (!user) return std::optional<client::Login>();
  client::Login login{*user, "", encrypted, &env.random};
  const char* variable = std::getenv("LEAT_PASSWORD_FILE");
  auto file = arguments.last("--password-file");
  if (!file && variable != nullptr && *variable != '\0') file = variable;
  if (!file && !console.in_is_terminal()) {
    return Error{Errc::kInvalidArgument, "--user " + *user + ": the password is missing; give --password-file"};
  }
  TRY_ASSIGN(login.password,
             file ? read_secret_file(env.files, *file) : ask_secret(console, "Password of '" + *user + "'"));
  return std::optional(std::move(login));
}

}  // namespace

std::vector<OptionInfo> with_cluster_options(std::vector<OptionInfo> own) {
  own.insert(own.begin(), {"--bootstrap", 'b', "HOST:PORT",
                           "A broker of the cluster, or several with commas between. Default: $LEAT_BOOTSTRAP, or "
                           "127.0.0.1:9092."});
  own.insert(
      own.begin() + 1,
      {{"--user", 'u', "NAME", "Log in as this user: SCRAM, or PLAIN over TLS."},
       {"--password-file", 0, "FILE", "Its first line is the password. Default: $LEAT_PASSWORD_FILE, or it is asked."},
       {"--tls", 0, "", "Encrypt; the broker's certificate is checked by the authorities of this system."},
       {"--tls-ca", 0, "FILE", "Encrypt; it is checked by these authorities, in PEM."},
       {"--tls-cert", 0, "FILE", "Encrypt, and show this certificate; its key is in the file, too."}});
  return own;
}

Result<std::unique_ptr<ClusterAccess>> ClusterAccess::open(const Arguments& arguments, Console& console) {
  client::ClientOptions options;
  TRY_ASSIGN(options.bootstrap, client::parse_bootstrap(bootstrap_of(arguments)));
  auto out = std::make_unique<ClusterAccess>();
  TRY_ASSIGN(auto tls, tls_of(out->env().files, arguments));
  TRY_ASSIGN(options.login, login_of(out->env(), arguments, console, tls != nullptr));
  out->dialer_ = make_posix_dialer(out->env().clock);
  if (tls) out->dialer_ = make_tls_dialer(std::move(out->dialer_), tls);
  TRY_ASSIGN(out->cluster_, client::Cluster::connect(std::move(options), out->env().clock, *out->dialer_));
  return out;
}

}  // namespace leat
