#include "server/completer.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <set>

#include "columnar/function.h"

namespace leat {
namespace {

constexpr std::array kKeywords{
    "ALL",       "AND",       "AS",      "ASC",       "BETWEEN",       "BIGINT",    "BOOLEAN",
    "BY",        "BYTES",     "CASE",    "CAST",      "COUNT",         "CREATE",    "CUMULATE",
    "DATE",      "DECIMAL",   "DESC",    "DESCRIBE",  "DESCRIPTOR",    "DISTINCT",  "DOUBLE",
    "DROP",      "ELSE",      "END",     "ENFORCED",  "EXECUTE",       "EXISTS",    "EXPLAIN",
    "FALSE",     "FILTER",    "FLOAT",   "FOR",       "FROM",          "GROUP",     "GROUPING",
    "HAVING",    "HOP",       "IN",      "INSERT",    "INT",           "INTERVAL",  "INTO",
    "IS",        "KEY",       "LIKE",    "LIMIT",     "MAX",           "METADATA",  "MIN",
    "NOT",       "NULL",      "OPTIONS", "OR",        "ORDER",         "PARTITION", "PARTITIONED",
    "PRIMARY",   "RESET",     "SELECT",  "SESSION",   "SET",           "SETS",      "SHOW",
    "SMALLINT",  "STATEMENT", "STRING",  "SUM",       "AVG",           "TABLE",     "TABLES",
    "TEMPORARY", "THEN",      "TIME",    "TIMESTAMP", "TIMESTAMP_LTZ", "TINYINT",   "TRUE",
    "TRY_CAST",  "TUMBLE",    "UNION",   "VALUES",    "VIEW",          "VIRTUAL",   "WATERMARK",
    "WHEN",      "WHERE",     "WITH"};

std::string lowered(std::string text) {
  for (char& c : text) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return text;
}

bool begins_like(const std::string& name, const std::string& word) {
  return name.size() >= word.size() && lowered(name.substr(0, word.size())) == lowered(word);
}

}  // namespace

std::vector<std::string> completions(Session& session, const std::string& line, size_t start, const std::string& word) {
  std::set<std::string> out;
  auto offer = [&](const std::string& name) {
    if (begins_like(name, word)) out.insert(name);
  };
  if (start > 0 && line[start - 1] == '\'') {
    for (const SettingInfo& setting : Settings::known()) offer(setting.name);
    return {out.begin(), out.end()};
  }
  bool lower = !word.empty() && std::none_of(word.begin(), word.end(), [](unsigned char c) { return std::isupper(c); });
  auto offer_keyword = [&](const std::string& name) { offer(lower ? lowered(name) : name); };
  for (const char* keyword : kKeywords) offer_keyword(keyword);
  for (const std::string& function : function_names()) offer_keyword(function);
  for (const std::string& name : session.names()) offer(name);
  for (const auto& [name, table] : session.tables()) {
    for (const TableColumn& column : table->columns) offer(column.field.name);
  }
  return {out.begin(), out.end()};
}

}  // namespace leat
