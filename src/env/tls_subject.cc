// Names of certificates' owners, character by character as Java writes them: access rules are about them.
#include <openssl/objects.h>

#include "env/tls_openssl.h"

namespace leat {
namespace {

// The attributes that RFC 2253 has names for; Java writes others by number.
std::string name_of_attribute(const ASN1_OBJECT* object) {
  switch (OBJ_obj2nid(object)) {
    case NID_commonName:
      return "CN";
    case NID_countryName:
      return "C";
    case NID_localityName:
      return "L";
    case NID_stateOrProvinceName:
      return "ST";
    case NID_streetAddress:
      return "STREET";
    case NID_organizationName:
      return "O";
    case NID_organizationalUnitName:
      return "OU";
    case NID_domainComponent:
      return "DC";
    case NID_userId:
      return "UID";
    default:
      return "";
  }
}

std::string hexadecimal(const ASN1_STRING* value) {
  unsigned char* encoded = nullptr;
  ASN1_TYPE any{};
  any.type = ASN1_STRING_type(value);
  any.value.asn1_string = const_cast<ASN1_STRING*>(value);
  int size = i2d_ASN1_TYPE(&any, &encoded);
  std::string out = "#";
  for (int i = 0; i < size; ++i) {
    out += "0123456789abcdef"[encoded[i] >> 4];
    out += "0123456789abcdef"[encoded[i] & 15];
  }
  OPENSSL_free(encoded);
  return out;
}

std::string escaped(BytesView text) {
  std::string out;
  for (size_t i = 0; i < text.size(); ++i) {
    char c = text[i];
    bool outer_space = c == ' ' && (i == 0 || i + 1 == text.size());
    bool special = BytesView(",+\"\\<>;").find(c) != BytesView::npos || (c == '#' && i == 0);
    if (special || outer_space) out += '\\';
    out += c;
  }
  return out;
}

std::string attribute(const X509_NAME_ENTRY* entry) {
  const ASN1_OBJECT* object = X509_NAME_ENTRY_get_object(entry);
  const ASN1_STRING* value = X509_NAME_ENTRY_get_data(entry);
  std::string name = name_of_attribute(object);
  unsigned char* text = nullptr;
  int size = name.empty() ? -1 : ASN1_STRING_to_UTF8(&text, value);
  if (size < 0) {
    char number[128];
    OBJ_obj2txt(number, sizeof number, object, 1);
    return (name.empty() ? number : name) + "=" + hexadecimal(value);
  }
  std::string out = name + "=" + escaped({reinterpret_cast<const char*>(text), static_cast<size_t>(size)});
  OPENSSL_free(text);
  return out;
}

}  // namespace

// The last part first, and those of one set with '+' between them.
std::string subject_of(X509* certificate) {
  const X509_NAME* name = X509_get_subject_name(certificate);
  std::string out;
  int set = -1;
  for (int i = X509_NAME_entry_count(name) - 1; i >= 0; --i) {
    const X509_NAME_ENTRY* entry = X509_NAME_get_entry(name, i);
    if (set != -1) out += X509_NAME_ENTRY_set(entry) == set ? "+" : ",";
    set = X509_NAME_ENTRY_set(entry);
    out += attribute(entry);
  }
  return out;
}

}  // namespace leat
