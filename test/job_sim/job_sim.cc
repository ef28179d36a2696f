#include "test/job_sim/job_sim.h"

#include <algorithm>

namespace leat::sim {
namespace {

constexpr int kLivesMax = 20;

Outcome undisturbed(uint64_t seed, const JobCase& job) {
  SimEnv env(seed);
  World calm;
  write_input(env, job.input);
  Status ran = live(env, calm, job, {});
  if (!ran) std::fprintf(stderr, "the undisturbed run: %s\n", ran.error().message.c_str());
  CHECK(ran);
  auto seen = look(env);
  CHECK(seen && seen->finished && !seen->litter);
  return *seen;
}

// What is in `have` and not in `wanted`; empty if there is none.
std::string surplus(const char* what, const std::multiset<std::string>& have,
                    const std::multiset<std::string>& wanted) {
  std::vector<std::string> more;
  std::set_difference(have.begin(), have.end(), wanted.begin(), wanted.end(), std::back_inserter(more));
  if (more.empty()) return "";
  return std::to_string(more.size()) + what + more[0];
}

std::string judge(const Outcome& have, const Outcome& wanted) {
  std::string wrong = surplus(" rows that must not be there: ", have.rows, wanted.rows);
  wrong += surplus(" dead letters that must not be there: ", have.letters, wanted.letters);
  for (const auto& [table, rows] : have.shown) {
    auto committed = have.committed.find(table);
    int64_t allowed = committed == have.committed.end() ? 0 : committed->second;
    if (rows > allowed) wrong += std::to_string(rows - allowed) + " rows of " + table + " are shown too early";
  }
  if (!have.finished) return wrong;
  // It may have died between the last decision and showing what was decided.
  if (!have.litter) wrong += surplus(" rows are missing: ", wanted.rows, have.rows);
  wrong += surplus(" dead letters are missing: ", wanted.letters, have.letters);
  if (have.ledger != wanted.ledger) wrong += "the ledger is\n" + have.ledger + "and not\n" + wanted.ledger;
  return wrong;
}

bool is_operating(const Error& error) {
  return error.code == Errc::kIo || error.code == Errc::kNoSpace;
}

}  // namespace

JobSimulation::JobSimulation(uint64_t seed, World& world)
    : env_(seed), world_(world), case_(draw_case(seed)), expected_(undisturbed(seed, case_)) {
  write_input(env_, case_.input);
}

std::string JobSimulation::go() {
  // One that had finished already must do nothing.
  int finished = 0;
  for (int life = 0; life < kLivesMax && finished < 2; ++life) {
    auto seen = disturbed_life(0);
    if (!seen) return "life " + std::to_string(life) + ": " + seen.error().message;
    std::string wrong = judge(*seen, expected_);
    if (!wrong.empty()) return "after life " + std::to_string(life) + ": " + wrong;
    finished += seen->finished ? 1 : 0;
  }
  return last_life();
}

std::string JobSimulation::go_fresh() {
  for (int life = 0; life < kLivesMax; ++life) {
    auto seen = disturbed_life(life < 2 ? 0 : 0.5);
    if (!seen) return "life " + std::to_string(life) + ": " + seen.error().message;
  }
  return last_life();
}

Result<Outcome> JobSimulation::disturbed_life(double fresh) {
  uint64_t changes_max = env_.random().chance(0.5) ? 30 : 200;
  env_.restart(FaultPlan::draw(env_.random(), changes_max));
  Pace pace = Pace::draw(env_.random());
  pace.fresh = env_.random().chance(fresh);
  Status ran = live(env_, world_, case_, pace);
  if (!ran) ++deaths_;
  if (!ran && !is_operating(ran.error())) return ran.error();
  env_.restart();
  return look(env_);
}

std::string JobSimulation::last_life() {
  env_.restart();
  Status ran = live(env_, world_, case_, {});
  if (!ran) return "a calm life: " + ran.error().message;
  auto seen = look(env_);
  if (!seen) return "at the end it cannot be looked at: " + seen.error().message;
  if (!seen->finished || seen->litter) return "at the end it is not finished, or leaves hidden files";
  std::string wrong = judge(*seen, expected_);
  return wrong.empty() ? "" : "at the end: " + wrong;
}

}  // namespace leat::sim
