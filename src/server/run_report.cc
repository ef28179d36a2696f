#include "server/run_report.h"

#include <cstdio>

#include "dlq/json_object.h"
#include "server/human.h"
#include "server/text_table.h"

namespace leat {
namespace {

struct LedgerColumn {
  const char* name;
  int64_t Account::*number;
};

constexpr LedgerColumn kLedgerColumns[] = {
    {"rows in", &Account::rows_in},
    {"passed", &Account::passed},
    {"filtered", &Account::filtered},
    {"late", &Account::late},
    {"dead", &Account::dead},
    {"rows out", &Account::rows_out},
    {"partly late", &Account::partly_late},
};

// All columns, or those that are not zero everywhere.
std::string table_of(const JobReport& report, bool with_zeros, size_t& width) {
  std::vector<TextColumn> columns{{"operator"}};
  std::vector<std::vector<std::string>> rows;
  for (const OperatorAccount& op : report.operators) rows.push_back({printable_line(op.name)});
  for (const auto& [name, number] : kLedgerColumns) {
    bool all_zero = true;
    for (const OperatorAccount& op : report.operators) all_zero = all_zero && op.account.*number == 0;
    if (all_zero && !with_zeros) continue;
    columns.push_back({name, Align::kRight});
    for (size_t i = 0; i < rows.size(); ++i) rows[i].push_back(human_count(report.operators[i].account.*number));
  }
  std::string out = text_table(std::move(columns), rows);
  width = out.find('\n');
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

std::string ledger_table(const JobReport& report, size_t width_max) {
  size_t width = 0;
  std::string out = table_of(report, true, width);
  if (width_max > 0 && width > width_max) out = table_of(report, false, width);
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
