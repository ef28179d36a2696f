// PARSE_URL: the parts of a URL, as java.net.URL takes it apart.
#include <algorithm>

#include "columnar/kernel.h"
#include "columnar/registry.h"

namespace leat {
namespace {

struct Url {
  BytesView protocol, authority, path;
  std::optional<BytesView> user, query, reference;
  BytesView host;
};

// Those that Java has a handler for; others it refuses.
constexpr std::string_view kProtocols[] = {"http", "https", "ftp", "file", "jar", "mailto", "jrt", "jmod"};

std::optional<Url> parse_url(BytesView text) {
  const size_t colon = text.find(':');
  if (colon == BytesView::npos) return std::nullopt;
  Url out;
  out.protocol = text.substr(0, colon);
  const auto known = [&](std::string_view protocol) {
    return std::ranges::equal(protocol, out.protocol, [](char a, char b) { return a == (b | 32); });
  };
  if (!std::ranges::any_of(kProtocols, known)) return std::nullopt;
  text.remove_prefix(colon + 1);
  if (const size_t hash = text.find('#'); hash != BytesView::npos) {
    out.reference = text.substr(hash + 1);
    text = text.substr(0, hash);
  }
  if (const size_t mark = text.find('?'); mark != BytesView::npos) {
    out.query = text.substr(mark + 1);
    text = text.substr(0, mark);
  }
  if (text.starts_with("//")) {
    text.remove_prefix(2);
    out.authority = text.substr(0, text.find('/'));
    text.remove_prefix(out.authority.size());
    out.host = out.authority;
    if (const size_t at = out.host.rfind('@'); at != BytesView::npos) {
      out.user = out.host.substr(0, at);
      out.host.remove_prefix(at + 1);
    }
    const size_t port = out.host.starts_with('[') ? out.host.find(':', out.host.find(']')) : out.host.find(':');
    out.host = out.host.substr(0, port);
  }
  out.path = text;
  return out;
}

std::optional<BytesView> part_of(Row& row, BytesView text, BytesView part) {
  const auto url = parse_url(text);
  if (!url) return std::nullopt;
  if (part == "HOST") return url->host;
  if (part == "PATH") return url->path;
  if (part == "QUERY") return url->query;
  if (part == "REF") return url->reference;
  if (part == "PROTOCOL") return url->protocol;
  if (part == "AUTHORITY") return url->authority;
  if (part == "USERINFO") return url->user;
  if (part != "FILE") return std::nullopt;
  if (!url->query) return url->path;
  return row.arena().copy(std::string(url->path) + "?" + std::string(*url->query));
}

std::optional<BytesView> query_value(Row& row, BytesView text, BytesView part, BytesView key) {
  if (part != "QUERY") return std::nullopt;
  auto query = part_of(row, text, part);
  while (query && !query->empty()) {
    const BytesView pair = query->substr(0, query->find('&'));
    if (pair.size() > key.size() && pair.starts_with(key) && pair[key.size()] == '=') {
      return pair.substr(key.size() + 1);
    }
    query->remove_prefix(std::min(pair.size() + 1, query->size()));
  }
  return std::nullopt;
}

constexpr Overload kUrls[] = {
    {"PARSE_URL", "ss", "s", row_kernel<&part_of>, kNullResult},
    {"PARSE_URL", "sss", "s", row_kernel<&query_value>, kNullResult},
};

}  // namespace

Family url_family() {
  return {"URLs", kUrls, {}};
}

}  // namespace leat
