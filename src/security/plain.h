#pragma once
// PLAIN (RFC 4616): the password itself, so it is for encrypted connections.
#include <string>

#include "base/result.h"
#include "base/types.h"

namespace leat {

struct PlainMessage {
  std::string user, password;
};

inline Bytes to_plain(const PlainMessage& message) {
  return '\0' + message.user + '\0' + message.password;
}

// kInvalidArgument: it is malformed, or the client wants to act as somebody else.
inline Result<PlainMessage> read_plain(BytesView token) {
  size_t first = token.find('\0');
  size_t second = first == BytesView::npos ? first : token.find('\0', first + 1);
  if (second == BytesView::npos || token.find('\0', second + 1) != BytesView::npos) {
    return Error{Errc::kInvalidArgument, "a PLAIN message has three parts"};
  }
  BytesView other_name = token.substr(0, first);
  PlainMessage out{Bytes(token.substr(first + 1, second - first - 1)), Bytes(token.substr(second + 1))};
  if (out.user.empty() || out.password.empty()) {
    return Error{Errc::kInvalidArgument, "a PLAIN message has a user's name and a password"};
  }
  if (!other_name.empty() && other_name != out.user) {
    return Error{Errc::kInvalidArgument, "acting as somebody else is not possible"};
  }
  return out;
}

}  // namespace leat
