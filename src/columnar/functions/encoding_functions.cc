// Text and bytes as other text and bytes: base 64, hexadecimal, character sets, URLs, digests; and tests of characters.
#include <openssl/evp.h>

#include <algorithm>

#include "base/base64.h"
#include "columnar/kernel.h"
#include "columnar/number_text.h"
#include "columnar/registry.h"
#include "columnar/unicode_case.h"
#include "columnar/utf16.h"
#include "columnar/utf8.h"

namespace leat {
namespace {

// The padding may be left out, wholly.
std::optional<std::string> unbase64(Row& row, BytesView text) {
  std::string padded(text);
  if (!text.ends_with('=')) padded.append((4 - text.size() % 4) % 4, '=');
  auto bytes = from_base64(padded);
  if (!bytes) return row.fail("base64.invalid", "not base 64: '" + std::string(text.substr(0, 100)) + "'");
  return sanitized(*bytes);
}

std::string hex(BytesView bytes, const char* digits) {
  std::string out;
  out.reserve(bytes.size() * 2);
  for (char c : bytes) {
    out += digits[static_cast<uint8_t>(c) >> 4];
    out += digits[static_cast<uint8_t>(c) & 15];
  }
  return out;
}

std::string to_radix(int64_t number, unsigned bits_per_digit) {
  std::string out;
  auto rest = static_cast<uint64_t>(number);
  do {
    out += "0123456789ABCDEF"[rest & ((1u << bits_per_digit) - 1)];
    rest >>= bits_per_digit;
  } while (rest != 0);
  std::ranges::reverse(out);
  return out;
}

int hex_value(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  const char lower = static_cast<char>(c | 32);
  return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}

std::optional<std::string> unhex(BytesView text) {
  // Of an odd number of digits Flink drops the first one, after a look at it.
  if (text.size() % 2 != 0 && hex_value(text[0]) < 0) return std::nullopt;
  const std::string padded = text.size() % 2 == 0 ? std::string(text) : "00" + std::string(text.substr(1));
  std::string out;
  for (size_t i = 0; i < padded.size(); i += 2) {
    const int high = hex_value(padded[i]), low = hex_value(padded[i + 1]);
    if (high < 0 || low < 0) return std::nullopt;
    out += static_cast<char>(high * 16 + low);
  }
  return out;
}

std::string chr(int64_t code) {
  std::string out;
  if (code >= 0) append_code_point(out, static_cast<char32_t>(code & 0xFF));
  return out;
}

int64_t ascii(BytesView text) {
  return text.empty() ? 0 : static_cast<int8_t>(text[0]);
}

enum class Charset { kAscii, kLatin1, kUtf8, kUtf16, kUtf16Be, kUtf16Le };

std::optional<Charset> charset_of(BytesView name) {
  const std::string upper = to_upper(name);
  constexpr std::pair<std::string_view, Charset> kNames[] = {
      {"US-ASCII", Charset::kAscii}, {"ISO-8859-1", Charset::kLatin1}, {"UTF-8", Charset::kUtf8},
      {"UTF-16", Charset::kUtf16},   {"UTF-16BE", Charset::kUtf16Be},  {"UTF-16LE", Charset::kUtf16Le}};
  for (const auto& [known, charset] : kNames) {
    if (upper == known) return charset;
  }
  return std::nullopt;
}

std::nullopt_t bad_charset(Row& row, BytesView name) {
  return row.fail("charset.unknown", "unknown character set '" + std::string(name) +
                                         "'; there are US-ASCII, ISO-8859-1, UTF-8, UTF-16, UTF-16BE, UTF-16LE");
}

std::optional<std::string> encode(Row& row, BytesView text, BytesView name) {
  const auto charset = charset_of(name);
  if (!charset) return bad_charset(row, name);
  if (*charset == Charset::kUtf8) return std::string(text);
  std::string out;
  if (*charset == Charset::kAscii || *charset == Charset::kLatin1) {
    const char32_t limit = *charset == Charset::kAscii ? 0x80 : 0x100;
    for (; !text.empty(); text.remove_prefix(next_code_point(text).size)) {
      const char32_t c = next_code_point(text).value;
      out += c < limit ? static_cast<char>(c) : '?';
    }
    return out;
  }
  const bool little = *charset == Charset::kUtf16Le;
  std::u16string units = to_utf16(text);
  if (*charset == Charset::kUtf16 && !units.empty()) units.insert(units.begin(), u'\uFEFF');
  for (char16_t unit : units) {
    const char high = static_cast<char>(unit >> 8), low = static_cast<char>(unit & 0xFF);
    out += little ? low : high;
    out += little ? high : low;
  }
  return out;
}

std::optional<std::string> decode(Row& row, BytesView bytes, BytesView name) {
  const auto charset = charset_of(name);
  if (!charset) return bad_charset(row, name);
  if (*charset == Charset::kUtf8) return sanitized(bytes);
  std::string out;
  if (*charset == Charset::kAscii || *charset == Charset::kLatin1) {
    for (char c : bytes) {
      const auto byte = static_cast<uint8_t>(c);
      append_code_point(out, *charset == Charset::kAscii && byte >= 0x80 ? kReplacement : byte);
    }
    return out;
  }
  bool little = *charset == Charset::kUtf16Le;
  if (*charset == Charset::kUtf16 && bytes.size() >= 2) {
    little = bytes.starts_with("\xFF\xFE");
    if (little || bytes.starts_with("\xFE\xFF")) bytes.remove_prefix(2);
  }
  std::u16string units;
  for (size_t i = 0; i + 1 < bytes.size(); i += 2) {
    const auto first = static_cast<uint8_t>(bytes[i]), second = static_cast<uint8_t>(bytes[i + 1]);
    units += static_cast<char16_t>(little ? second << 8 | first : first << 8 | second);
  }
  return from_utf16(units);
}

// java.net.URLEncoder and URLDecoder: a blank is '+'.
std::string url_encode(BytesView text) {
  std::string out;
  for (char c : text) {
    const bool plain =
        (c >= '0' && c <= '9') || ((c | 32) >= 'a' && (c | 32) <= 'z') || BytesView(".-*_").find(c) != BytesView::npos;
    if (plain) {
      out += c;
    } else if (c == ' ') {
      out += '+';
    } else {
      out += "%" + hex(BytesView(&c, 1), "0123456789ABCDEF");
    }
  }
  return out;
}

std::optional<std::string> url_decode(BytesView text) {
  std::string out;
  for (size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '+') {
      out += ' ';
    } else if (text[i] != '%') {
      out += text[i];
    } else {
      if (i + 2 >= text.size()) return std::nullopt;
      const int high = hex_value(text[i + 1]), low = hex_value(text[i + 2]);
      if (high < 0 || low < 0) return std::nullopt;
      out += static_cast<char>(high * 16 + low);
      i += 2;
    }
  }
  return sanitized(out);
}

std::string digest(const EVP_MD* method, BytesView bytes) {
  unsigned char out[EVP_MAX_MD_SIZE];
  unsigned int size = 0;
  CHECK(EVP_Digest(bytes.data(), bytes.size(), out, &size, method, nullptr) == 1);
  return hex({reinterpret_cast<const char*>(out), size}, "0123456789abcdef");
}

// Looked up once: OpenSSL's EVP_md5() and its kin look for their implementation at every use.
template <const EVP_MD* (*Method)()>
std::string digest_of(BytesView bytes) {
  static const EVP_MD* const method = EVP_MD_fetch(nullptr, EVP_MD_get0_name(Method()), nullptr);
  return digest(method != nullptr ? method : Method(), bytes);
}

std::optional<std::string> sha2(Row& row, BytesView bytes, int64_t bits) {
  switch (bits) {
    case 224:
      return digest_of<EVP_sha224>(bytes);
    case 256:
      return digest_of<EVP_sha256>(bytes);
    case 384:
      return digest_of<EVP_sha384>(bytes);
    case 512:
      return digest_of<EVP_sha512>(bytes);
    default:
      return row.fail("argument.invalid", "SHA2 has 224, 256, 384 or 512 bits, not " + std::to_string(bits));
  }
}

template <class Test>
bool all_characters(BytesView text, Test test) {
  if (text.empty()) return false;
  for (; !text.empty(); text.remove_prefix(next_code_point(text).size)) {
    if (!test(next_code_point(text).value)) return false;
  }
  return true;
}

// These give FALSE, not NULL, for NULL.
bool is_alpha(std::optional<BytesView> text) {
  // Java looks at halves of surrogate pairs, which are no letters.
  return text && all_characters(*text, [](char32_t c) { return c <= 0xFFFF && is_letter(c); });
}
bool is_digit(std::optional<BytesView> text) {
  return text && all_characters(*text, [](char32_t c) { return c >= '0' && c <= '9'; });
}
bool is_decimal(std::optional<BytesView> text) {
  return text && double_from_text(trimmed(*text)).has_value();
}
bool is_there(std::optional<int64_t> number) {
  return number.has_value();
}

constexpr Overload kEncodings[] = {
    {"TO_BASE64", "s", "s", row_kernel<&to_base64>},
    {"TO_BASE64", "x", "s", row_kernel<&to_base64>},
    {"FROM_BASE64", "s", "s", row_kernel<&unbase64>},
    {"BIN", "l", "s", row_kernel<[](int64_t number) { return to_radix(number, 1); }>},
    {"HEX", "l", "s", row_kernel<[](int64_t number) { return to_radix(number, 4); }>},
    {"HEX", "s", "s", row_kernel<[](BytesView text) { return hex(text, "0123456789ABCDEF"); }>},
    {"HEX", "x", "s", row_kernel<[](BytesView bytes) { return hex(bytes, "0123456789ABCDEF"); }>},
    {"UNHEX", "s", "x", row_kernel<&unhex>, kNullResult},
    {"CHR", "l", "s", row_kernel<&chr>},
    {"ASCII", "s", "i", row_kernel<&ascii>},
    {"ENCODE", "ss", "x", row_kernel<&encode>},
    {"DECODE", "xs", "s", row_kernel<&decode>},
    {"URL_ENCODE", "s", "s", row_kernel<&url_encode>},
    {"URL_DECODE", "s", "s", row_kernel<&url_decode>, kNullResult},
    {"MD5", "s", "s", row_kernel<&digest_of<EVP_md5>>},
    {"SHA1", "s", "s", row_kernel<&digest_of<EVP_sha1>>},
    {"SHA224", "s", "s", row_kernel<&digest_of<EVP_sha224>>},
    {"SHA256", "s", "s", row_kernel<&digest_of<EVP_sha256>>},
    {"SHA384", "s", "s", row_kernel<&digest_of<EVP_sha384>>},
    {"SHA512", "s", "s", row_kernel<&digest_of<EVP_sha512>>},
    {"SHA2", "sl", "s", row_kernel<&sha2>},
    {"IS_ALPHA", "s", "b", row_kernel<&is_alpha>, kHandlesNulls},
    {"IS_DIGIT", "s", "b", row_kernel<&is_digit>, kHandlesNulls},
    {"IS_DIGIT", "l", "b", row_kernel<&is_there>, kHandlesNulls},
    {"IS_DECIMAL", "s", "b", row_kernel<&is_decimal>, kHandlesNulls},
    {"IS_DECIMAL", "l", "b", row_kernel<&is_there>, kHandlesNulls},
};

}  // namespace

Family encoding_family() {
  return {"Encoding", kEncodings, {}};
}

}  // namespace leat
