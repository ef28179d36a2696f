#include "client/client_options.h"

#include <charconv>

namespace leat::client {
namespace {

Result<Endpoint> parse_one(const std::string& text) {
  Error wrong{Errc::kInvalidArgument, "'" + text +
                                          "' is no address of a broker: expected HOST:PORT, as in "
                                          "127.0.0.1:9092"};
  size_t colon = text.rfind(':');
  if (colon == std::string::npos || colon == 0) return wrong;
  std::string host = text.substr(0, colon);
  if (host.front() == '[' && host.back() == ']') {
    host = host.substr(1, host.size() - 2);
  } else if (host.find(':') != std::string::npos) {
    return wrong;
  }
  uint16_t port = 0;
  const char* end = text.data() + text.size();
  auto [stop, error] = std::from_chars(text.data() + colon + 1, end, port);
  if (error != std::errc() || stop != end || port == 0 || host.empty()) return wrong;
  return Endpoint{host, port};
}

}  // namespace

Result<std::vector<Endpoint>> parse_bootstrap(const std::string& text) {
  std::vector<Endpoint> out;
  for (size_t begin = 0; begin <= text.size();) {
    size_t comma = std::min(text.find(',', begin), text.size());
    TRY_ASSIGN(Endpoint each, parse_one(text.substr(begin, comma - begin)));
    out.push_back(std::move(each));
    begin = comma + 1;
  }
  return out;
}

}  // namespace leat::client
