#include "server/script.h"

#include <cerrno>
#include <cstring>
#include <fstream>
#include <sstream>

#include "sql/parser.h"

namespace leat {

Result<SettingOverrides> SettingOverrides::parse(const std::vector<std::string>& key_values) {
  SettingOverrides out;
  for (const std::string& text : key_values) {
    size_t equals = text.find('=');
    if (equals == std::string::npos || equals == 0) {
      return Error{Errc::kInvalidArgument, "--set '" + text + "': expected KEY=VALUE"};
    }
    out.values_.emplace_back(text.substr(0, equals), text.substr(equals + 1));
  }
  return out;
}

Status SettingOverrides::apply(Settings& settings) const {
  for (const auto& [name, value] : values_) TRY(settings.set(name, value));
  return {};
}

Result<std::string> read_text(const std::string& path) {
  // /dev/stdin and not std::cin, so that both kinds have one way of failing.
  std::ifstream in(path == "-" ? "/dev/stdin" : path, std::ios::binary);
  if (!in) {
    return Error{errno == ENOENT ? Errc::kNotFound : Errc::kIo, "cannot read '" + path + "': " + std::strerror(errno)};
  }
  std::ostringstream text;
  errno = 0;
  text << in.rdbuf();  // A directory opens; reading it fails.
  if (text.fail() && errno != 0) return Error{Errc::kIo, "cannot read '" + path + "': " + std::strerror(errno)};
  return std::move(text).str();
}

MaybeFailure execute_script(Session& session, const SettingOverrides& overrides, const std::string& name,
                            const std::string& text, const OutcomeHandler& handle) {
  auto named = [&name](Error error) {
    if (!name.empty()) error.message = name + ": " + error.message;
    return error;
  };
  if (MaybeFailure failure = failure_of(overrides.apply(session.settings()), kUsage)) return failure;
  auto statements = parse_script(text);
  if (!statements) return Failure{named(statements.error()), kUsage};
  for (const ast::Statement& statement : *statements) {
    auto outcome = session.execute(statement, text);
    if (!outcome) return Failure{named(outcome.error()), kUsage};
    if (MaybeFailure failure = failure_of(overrides.apply(session.settings()), kUsage)) return failure;
    if (MaybeFailure failure = handle(statement, *outcome)) return failure;
  }
  return std::nullopt;
}

}  // namespace leat
