#pragma once
// What the proofs of passwords are made of: hashes, and comparing without telling where the difference is.
// The only file of the broker's that knows OpenSSL's hashes. Pure; any thread.
#include "base/types.h"

namespace leat {

enum class HashKind : uint8_t { kSha256, kSha512 };

size_t hash_size(HashKind);
Bytes hash(HashKind, BytesView bytes);
Bytes hmac(HashKind, BytesView key, BytesView message);
// RFC 8018, as long as the hash. It takes time on purpose: about half a microsecond for each iteration.
Bytes pbkdf2(HashKind, BytesView password, BytesView salt, int iterations);
// As long as the shorter one.
Bytes exclusive_or(BytesView a, BytesView b);
// Takes equally long whatever differs; the lengths are no secret.
bool equal_in_constant_time(BytesView a, BytesView b);

}  // namespace leat
