#include "server/run_report.h"

#include <cstdio>

#include "dlq/json_object.h"
#include "server/human.h"
#include "server/text_table.h"

namespace leat {
namespace {

std::vector<std::string> cells(const std::string& name, const Account& account) {
  std::vector<std::string> out{printable_line(name)};
  for (int64_t number : {account.rows_in, account.passed, account.filtered, account.late, account.dead,
                         account.rows_out, account.partly_late}) {
    out.push_back(human_count(number));
  }
  return out;
}

std::string decimal(double number) {
  char text[64];
  std::snprintf(text, sizeof text, "%.6f", number);
  return text;
}

void add_account(JsonObject& out, const Account& account) {
  out.number("rows_in", account.rows_in);
  out.number("rows_out", account.rows_out);
  out.number("filtered", account.filtered);
  out.number("late", account.late);
  out.number("partly_late", account.partly_late);
  out.number("dead", account.dead);
}

}  // namespace

std::string ledger_table(const JobReport& report) {
  std::vector<TextColumn> columns{{"operator"}};
  for (const char* name : {"rows in", "passed", "filtered", "late", "dead", "rows out", "partly late"}) {
    columns.push_back({name, Align::kRight});
  }
  std::vector<std::vector<std::string>> rows;
  for (const OperatorAccount& op : report.operators) rows.push_back(cells(op.name, op.account));
  std::string out = text_table(std::move(columns), rows);
  out += report.balances() ? " Balanced: rows in = passed + filtered + late + dead, in every operator.\n"
                           : " NOT BALANCED: rows are unaccounted for. This is a bug in Leat; please report it.\n";
  return out;
}

std::string run_summary(const RunReport& report) {
  const Account& total = report.job.total;
  std::string out = human_count(total.rows_in) + " rows in, " + human_count(total.rows_out) + " out, " +
                    human_count(total.filtered) + " filtered, " + human_count(total.late) + " late, " +
                    human_count(total.partly_late) + " partly late, " + human_count(total.dead) + " dead; " +
                    human_count(report.job.checkpoints) +
                    (report.job.checkpoints == 1 ? " checkpoint" : " checkpoints");
  char text[96];
  std::snprintf(text, sizeof text, "; %.2f s, %.2f s of CPU, ", report.seconds, report.usage.cpu_seconds);
  return out + text + human_bytes(report.usage.peak_rss_bytes) + " at most";
}

Bytes report_json(const RunReport& report) {
  Bytes text = ledger_json(report.job);
  text.pop_back();
  text += ",\"seconds\":" + decimal(report.seconds) + ",\"cpu_seconds\":" + decimal(report.usage.cpu_seconds) +
          ",\"peak_rss_bytes\":" + std::to_string(report.usage.peak_rss_bytes) + "}\n";
  return text;
}

Bytes ledger_json(const JobReport& report) {
  Bytes operators = "[";
  for (const OperatorAccount& op : report.operators) {
    if (operators.size() > 1) operators += ',';
    JsonObject object(operators);
    object.text("name", op.name);
    add_account(object, op.account);
    object.close();
  }
  Bytes text;
  JsonObject out(text);
  out.text("job", report.name);
  out.raw("finished", report.finished ? "true" : "false");
  add_account(out, report.total);
  out.number("checkpoints", report.checkpoints);
  out.raw("balanced", report.balances() ? "true" : "false");
  out.raw("operators", operators + "]");
  out.close();
  return text;
}

}  // namespace leat
