#pragma once
#include <algorithm>
#include <cstdint>
#include <string>
#include <vector>

namespace leat {

// Who may connect, and who may do what, by Kafka's names.
struct SecuritySettings {
  std::string protocol = "PLAINTEXT";  // security.protocol

  std::string keystore_type = "PEM", truststore_type = "PEM";  // ssl.keystore.type, ssl.truststore.type
  std::string keystore_file;                                   // ssl.keystore.location: certificates and their key.
  std::string keystore_chain, keystore_key;                    // ssl.keystore.certificate.chain, ssl.keystore.key
  std::string truststore_file, truststore_certificates;        // ssl.truststore.location, ssl.truststore.certificates
  std::string client_auth = "none";                            // ssl.client.auth
  std::vector<std::string> tls_protocols = {"TLSv1.2", "TLSv1.3"};  // ssl.enabled.protocols
  std::vector<std::string> tls_ciphers;                             // ssl.cipher.suites; empty: OpenSSL's choice.

  std::vector<std::string> mechanisms = {"SCRAM-SHA-256", "SCRAM-SHA-512"};  // sasl.enabled.mechanisms
  int64_t session_ms_max = 0;                  // connections.max.reauth.ms; 0: until the connection ends.
  int64_t failure_delay_ms = 100;              // connection.failed.authentication.delay.ms
  int64_t token_bytes_max = 512 << 10;         // sasl.server.max.receive.size: of any request before the proof.
  static constexpr int64_t kLoginMs = 60'000;  // A connection that has not proved who it is by then is closed.

  std::string authorizer;            // authorizer.class.name; there is one, whatever its name.
  std::string super_users;           // super.users: principals that may do everything, with ';' between them.
  bool allows_without_rule = false;  // allow.everyone.if.no.acl.found

  bool sasl() const { return protocol.starts_with("SASL_"); }
  bool tls() const { return protocol.ends_with("SSL"); }
  // Whether nobody is served without having proved who it is.
  bool asks_who() const { return sasl() || (tls() && client_auth == "required"); }
  // Whether there are rules about who may do what. They are in force, too, when somebody is named who may do all.
  bool authorizes() const { return !authorizer.empty() || !super_users.empty(); }
};

}  // namespace leat
