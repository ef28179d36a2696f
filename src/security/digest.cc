#include "security/digest.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <algorithm>

#include "base/check.h"

namespace leat {
namespace {

// Looked up once: OpenSSL's EVP_sha256() and its kin look for their implementation at every use.
const EVP_MD* method_of(HashKind kind) {
  static const EVP_MD* const kSha256 = EVP_MD_fetch(nullptr, "SHA256", nullptr);
  static const EVP_MD* const kSha512 = EVP_MD_fetch(nullptr, "SHA512", nullptr);
  return kind == HashKind::kSha256 ? kSha256 : kSha512;
}

const unsigned char* data_of(BytesView bytes) {
  return reinterpret_cast<const unsigned char*>(bytes.data());
}
unsigned char* data_of(Bytes& bytes) {
  return reinterpret_cast<unsigned char*>(bytes.data());
}

}  // namespace

size_t hash_size(HashKind kind) {
  return static_cast<size_t>(EVP_MD_get_size(method_of(kind)));
}

Bytes hash(HashKind kind, BytesView bytes) {
  Bytes out(hash_size(kind), '\0');
  CHECK(EVP_Digest(bytes.data(), bytes.size(), data_of(out), nullptr, method_of(kind), nullptr) == 1);
  return out;
}

Bytes hmac(HashKind kind, BytesView key, BytesView message) {
  Bytes out(hash_size(kind), '\0');
  unsigned size = 0;
  CHECK(HMAC(method_of(kind), key.data(), static_cast<int>(key.size()), data_of(message), message.size(), data_of(out),
             &size) != nullptr);
  return out;
}

Bytes pbkdf2(HashKind kind, BytesView password, BytesView salt, int iterations) {
  Bytes out(hash_size(kind), '\0');
  CHECK(PKCS5_PBKDF2_HMAC(password.data(), static_cast<int>(password.size()), data_of(salt),
                          static_cast<int>(salt.size()), iterations, method_of(kind), static_cast<int>(out.size()),
                          data_of(out)) == 1);
  return out;
}

Bytes exclusive_or(BytesView a, BytesView b) {
  Bytes out(std::min(a.size(), b.size()), '\0');
  for (size_t i = 0; i < out.size(); ++i) out[i] = static_cast<char>(a[i] ^ b[i]);
  return out;
}

bool equal_in_constant_time(BytesView a, BytesView b) {
  return a.size() == b.size() && CRYPTO_memcmp(a.data(), b.data(), a.size()) == 0;
}

}  // namespace leat
