#include "test/job_sim/job_life.h"

#include "broker/embedded_topics.h"
#include "dlq/dead_letters.h"
#include "job/job.h"
#include "sql/parser.h"
#include "sql/session.h"

namespace leat::sim {
namespace {

constexpr const char* kData = "/data";
constexpr const char* kJob = "pages";
constexpr int kLooksMax = 100'000;  // A job that looks more often hangs.

class Observer final : public JobObserver {
 public:
  Observer(SimEnv& env, const Pace& pace) : env_(env), pace_(pace) {}

  bool stop_requested() override {
    CHECK(++looks_ < kLooksMax);
    env_.clock().advance_ms(static_cast<int64_t>(env_.random().below(2 * pace_.look_ms + 1)));
    bool idle = pace_.idle_looks_max > 0 && ++idle_looks_ > pace_.idle_looks_max;
    return idle || env_.random().chance(pace_.stop_requested);
  }
  void progress(const JobReport& report) override {
    if (report.total.rows_in != rows_in_) idle_looks_ = 0;
    rows_in_ = report.total.rows_in;
  }

 private:
  SimEnv& env_;
  const Pace& pace_;
  int looks_ = 0, idle_looks_ = 0;
  int64_t rows_in_ = 0;
};

Result<JobPlan> plan_of(const std::string& script, const Pace& pace) {
  Session session(check_table);
  TRY(session.settings().set("leat.batch-rows", std::to_string(pace.batch_rows)));
  TRY(session.settings().set("execution.checkpointing.interval", std::to_string(pace.checkpoint_ms) + " ms"));
  JobPlan plan;
  plan.name = kJob;
  TRY_ASSIGN(auto statements, parse_script(script));
  for (const ast::Statement& statement : statements) {
    TRY_ASSIGN(leat::Outcome outcome, session.execute(statement, script));
    if (auto* inserts = std::get_if<RunInserts>(&outcome)) {
      for (InsertPlan& insert : inserts->inserts) plan.inserts.push_back(std::move(insert));
    }
  }
  plan.settings = session.settings();
  return plan;
}

std::string to_text(const Account& account) {
  std::string out;
  for (int64_t number : {account.rows_in, account.rows_out, account.passed, account.filtered, account.late,
                         account.partly_late, account.dead}) {
    out += ' ' + std::to_string(number);
  }
  return out + '\n';
}

std::string to_text(const StoredLetter& letter) {
  std::string out = letter.id + ' ' + letter.topic + ' ' + letter.file + ':' + std::to_string(letter.line) + ' ' +
                    letter.letter_class + ' ' + letter.reason + ' ' + letter.op + ' ' + letter.message;
  for (auto number : {letter.watermark_ms, letter.event_time_ms, letter.late_ms}) {
    out += number ? ' ' + std::to_string(*number) : " -";
  }
  for (auto [start, end] : letter.windows) out += " [" + std::to_string(start) + ", " + std::to_string(end) + ')';
  return out + ' ' + letter.record.value.value_or("NULL");
}

void see_file(const std::string& path, const Bytes& contents, Outcome& out) {
  if (!path.starts_with(std::string(kOutput) + "/")) return;
  size_t slash = path.find_last_of('/');
  if (path[slash + 1] == '.') {
    out.litter = true;
    return;
  }
  size_t name = std::string(kOutput).size() + 1;
  std::string table = path.substr(name, path.find('/', name) - name);
  for (size_t from = 0; from < contents.size();) {
    size_t end = std::min(contents.find('\n', from), contents.size());
    ++out.shown[table];
    out.rows.insert(path.substr(0, slash) + ": " + contents.substr(from, end - from));
    from = end + 1;
  }
}

Status see_topics(Topics& topics, Outcome& out) {
  TRY(visit_letters(topics, {}, [&out](const StoredLetter& letter) {
    out.letters.insert(to_text(letter));
    out.failures.insert(letter.file + ':' + std::to_string(letter.line) + ' ' + letter.reason + ' ' +
                        letter.record.value.value_or("NULL"));
    return true;
  }));
  auto summary = describe_job(topics, kJob);
  if (!summary && summary.error().code == Errc::kNotFound) return {};
  if (!summary) return summary.error();
  out.finished = summary->report.finished;
  out.ledger = summary->report.balances() ? "balanced\n" : "NOT BALANCED\n";
  for (const auto& [name, account] : summary->report.operators) {
    out.ledger += name + ':' + to_text(account);
    out.committed[name.substr(0, name.find('.'))] = account.rows_out;  // A sink is named "table" or "table.2".
  }
  return {};
}

}  // namespace

Pace Pace::draw(SimRandom& random) {
  Pace out;
  out.batch_rows = static_cast<uint32_t>(1 + random.below(random.chance(0.7) ? 4 : 1024));
  out.checkpoint_ms = 1 + static_cast<int64_t>(random.below(10));
  out.look_ms = 1 + random.below(10);
  if (random.chance(0.2)) out.stop_requested = 0.1;
  out.log_bytes = 500 + random.below(20'000);
  out.segment_bytes = 500 + random.below(20'000);
  out.journal_bytes = 200 + random.below(5'000);
  return out;
}

void write_input(SimEnv& env, const std::map<std::string, Bytes>& files) {
  CHECK(env.disk().create_directories(kInput));
  for (const auto& [path, contents] : files) {
    auto file = env.disk().open(path, OpenMode::kCreateNew);
    BytesView piece = contents;
    CHECK(file && (*file)->append({&piece, 1}) && (*file)->sync());
  }
  CHECK(env.disk().sync_directory(kInput));
}

Status live(SimEnv& sim, World& world, const JobCase& job, const Pace& pace) {
  Env real = sim.env();
  Env env{real.clock, world.files(real.files), real.random, real.workers};
  TRY_ASSIGN(JobPlan plan, plan_of(job.script, pace));
  EmbeddedTopicsOptions options;
  options.segment_bytes = pace.segment_bytes;
  options.journal_bytes = pace.journal_bytes;
  TRY_ASSIGN(auto home, EmbeddedTopics::open(env, kData, options));
  JobOptions job_options;
  job_options.fresh = pace.fresh;
  job_options.log_bytes = pace.log_bytes;
  TRY_ASSIGN(auto running, Job::open(env, world.topics(*home), std::move(plan), job_options));
  Observer observer(sim, pace);
  return running->run(observer);
}

Result<Outcome> look(SimEnv& env) {
  Outcome out;
  for (const std::string& path : env.disk().files()) see_file(path, env.disk().contents(path), out);
  EmbeddedTopicsOptions options;
  options.read_only = true;
  auto home = EmbeddedTopics::open(env.env(), kData, options);
  if (!home && home.error().code == Errc::kNotFound) return out;  // It died before it had a data directory.
  if (!home) return home.error();
  TRY(see_topics(**home, out));
  return out;
}

}  // namespace leat::sim
