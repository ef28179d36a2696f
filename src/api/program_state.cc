#include "api/program_state.h"

#include "api/quote.h"
#include "job/job.h"
#include "sql/parser.h"

namespace leat::detail {

ProgramState::ProgramState(std::string program_name) : name(std::move(program_name)), session(check_table) {}

void ProgramState::fail(std::string_view what, const std::string& message) {
  if (error.empty()) error = std::string(what) + ": " + message;
}

void ProgramState::run_statements(std::string_view what, std::string_view statements) {
  if (failed()) return;
  auto script = parse_script(statements);
  if (!script) return fail(what, script.error().message);
  for (const auto& statement : *script) {
    auto outcome = session.execute(statement, statements);
    if (!outcome) return fail(what, outcome.error().message);
    if (auto* run = std::get_if<RunInserts>(&*outcome)) {
      for (InsertPlan& insert : run->inserts) inserts.push_back(std::move(insert));
    } else if (!std::holds_alternative<Done>(*outcome)) {
      return fail(what, "takes DDL, SET and INSERT INTO; rows of a SELECT are query()'s, plans are explain()'s");
    }
  }
}

RelPtr ProgramState::bind(std::string_view what, const std::string& select) {
  if (failed()) return nullptr;
  auto plan = session.bind_query(select);
  if (plan) return *plan;
  fail(what, plan.error().message);
  return nullptr;
}

std::string ProgramState::add_view(RelPtr plan) {
  std::string view = "step$" + std::to_string(++views);
  Status defined = session.define_view(view, std::move(plan));
  if (!defined) fail("name", defined.error().message);
  return view;
}

std::string ProgramState::add_watermarked(const std::string& table, const std::string& time,
                                          std::chrono::milliseconds delay) {
  std::string expression = quote_name(time) + " - " + interval_sql(delay);
  auto [copy, added] = watermarked.try_emplace(quote_name(table) + " " + expression);
  if (!added) return copy->second;
  std::string view = "step$" + std::to_string(++views);
  Status defined = session.define_watermarked(view, table, time, expression);
  if (!defined) fail("with_watermark", defined.error().message);
  return copy->second = view;
}

}  // namespace leat::detail
