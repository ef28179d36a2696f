#include "format/json_skip.h"

#include <simdjson.h>

#include "format/json_scan.h"

namespace leat {
namespace {

constexpr int kSkipDepthMax = 64;

const char* skip_blanks(const char* at, const char* end) {
  while (at < end && (*at == ' ' || *at == '\t' || *at == '\n' || *at == '\r')) ++at;
  return at;
}

const char* skip_value(const char* at, const char* end, int depth);

// `at` is at the key. Behind the colon and the blanks around it.
const char* skip_key(const char* at, const char* end) {
  at = skip_plain_string(at, end);
  if (at == nullptr) return nullptr;
  at = skip_blanks(at, end);
  return *at == ':' ? skip_blanks(at + 1, end) : nullptr;
}

// `at` is behind the opening bracket.
const char* skip_container(const char* at, const char* end, bool object, int depth) {
  const char close = object ? '}' : ']';
  at = skip_blanks(at, end);
  if (*at == close) return at + 1;
  while (at < end) {
    if (object) at = skip_key(at, end);
    if (at != nullptr) at = skip_value(at, end, depth);
    if (at == nullptr) return nullptr;
    at = skip_blanks(at, end);
    if (*at == close) return at + 1;
    if (*at != ',') return nullptr;
    at = skip_blanks(at + 1, end);
  }
  return nullptr;
}

const char* skip_value(const char* at, const char* end, int depth) {
  switch (*at) {
    case '"':
      return skip_plain_string(at, end);
    case '{':
    case '[':
      return depth > 0 ? skip_container(at + 1, end, *at == '{', depth - 1) : nullptr;
    case 't':
      return skip_word(at, "true");
    case 'f':
      return skip_word(at, "false");
    case 'n':
      return skip_word(at, "null");
    default:
      return scan_number(at, end) ? at : nullptr;
  }
}

}  // namespace

const char* skip_word(const char* at, BytesView word) {
  return std::memcmp(at, word.data(), word.size()) == 0 ? at + word.size() : nullptr;
}

const char* skip_plain_string(const char* at, const char* end) {
  if (*at != '"') return nullptr;
  PlainString found = scan_string(at + 1, end);
  if (found.close == nullptr) return nullptr;
  auto size = static_cast<size_t>(found.close - at - 1);
  if (!found.ascii && !simdjson::validate_utf8(at + 1, size)) return nullptr;
  return found.close + 1;
}

const char* skip_plain_value(const char* at, const char* end) {
  return skip_value(at, end, kSkipDepthMax);
}

}  // namespace leat
