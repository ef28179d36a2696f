#include "test/sql_runner/changes.h"

#include <algorithm>
#include <list>
#include <unordered_map>

#include "job/eval_settings.h"
#include "server/row_printer.h"

namespace leat::sqltest {

void append_changes(const Batch& batch, const Schema& schema, const EvalSettings& settings, RowChanges& out) {
  for (uint32_t row = 0; row < batch.rows; ++row) {
    Bytes text;
    append_row_json(batch, row, schema, settings, text);
    out.emplace_back(batch.kind(row), std::move(text));
  }
}

void apply_changes(const RowChanges& changes, StepResult& out) {
  std::list<std::string> left;
  std::unordered_multimap<std::string, std::list<std::string>::iterator> index;
  for (const auto& [kind, row] : changes) {
    if (adds(kind)) {
      index.emplace(row, left.insert(left.end(), row));
      continue;
    }
    auto found = index.find(row);
    if (found == index.end()) {
      out.error = "the query took back a row that it had not given: " + row;
      return;
    }
    left.erase(found->second);
    index.erase(found);
  }
  for (const std::string& row : left) out.rows.push_back("{\"op\":\"+I\",\"row\":" + row + "}");
}

void append_letter(const DeadLetter& letter, const LateRows& late_rows, StepResult& out) {
  if (letter.late) {
    Bytes lines;
    late_rows.append(letter, lines);
    for (size_t at = 0; at < lines.size();) {
      size_t end = lines.find('\n', at);
      out.late.push_back(lines.substr(at, end - at));
      at = end + 1;
    }
    return;
  }
  std::string where = letter.file.substr(letter.file.rfind('/') + 1) + ":" + std::to_string(letter.line);
  if (letter.file.empty()) where = letter.table;
  out.dead.push_back(std::string(to_string(letter.cause)) + " " + letter.reason + " " + where);
}

EvalSettings eval_settings(const Env& env, const Settings& settings) {
  auto made = make_eval_settings(env, settings);
  return made ? std::move(*made) : EvalSettings{};
}

}  // namespace leat::sqltest
