#include "server/job_control.h"

#include "server/home.h"
#include "server/human.h"

namespace leat {
namespace {

// Every answer begins with an exit code and a text.
ControlWords answered(int code, const std::string& text) {
  return {std::to_string(code), text};
}

class Collected final : public TextOut {
 public:
  explicit Collected(std::string& text) : text_(text) {}
  Status write(BytesView text) override {
    text_ += text;
    return {};
  }

 private:
  std::string& text_;
};

// "submit", path, text, name or nothing, "fresh" or nothing, settings…
constexpr size_t kSubmitWords = 5;

// The answer's text, or what it says is wrong.
MaybeFailure ask(const std::string& data_directory, const ControlWords& question, std::string& said) {
  auto answer = ask_server(data_directory, question);
  if (!answer) return Failure{answer.error(), kFailed};
  if (answer->size() < 2) return Failure{{Errc::kCorruption, "the server's answer makes no sense"}, kFailed};
  said = (*answer)[1];
  if ((*answer)[0] == std::to_string(kDone)) return std::nullopt;
  return Failure{{Errc::kInvalidArgument, said}, (*answer)[0] == std::to_string(kUsage) ? kUsage : kFailed};
}

}  // namespace

std::vector<std::string> JobDesk::start_kept() {
  auto scripts = kept_.all();
  if (!scripts) return {"what was submitted before cannot be read: " + scripts.error().message};
  std::vector<std::string> out;
  for (const JobScript& script : *scripts) {
    JobPlan plan;
    std::string said;
    Collected shown(said);
    auto failure = plan_job(
        script, [](const std::string&) {}, shown, plan);
    if (!failure) failure = failure_of(host_.start(std::move(plan), false));
    if (failure)
      out.push_back("job '" + *script.name + "' was submitted, and does not start: " + failure->error.message);
  }
  return out;
}

ControlWords JobDesk::submit(const ControlWords& words) {
  JobScript script{words[1], words[2], {words.begin() + kSubmitWords, words.end()}, std::nullopt};
  if (!words[3].empty()) script.name = words[3];
  JobPlan plan;
  std::string said;
  Collected shown(said);
  auto explained = [&said](const std::string& text) { said += text; };
  if (auto failure = plan_job(script, explained, shown, plan)) {
    return answered(failure->exit_code, failure->error.message);
  }
  std::string name = plan.name;
  Status started = host_.start(std::move(plan), words[4] == "fresh");
  if (!started) return answered(exit_code_of_open(started.error()), started.error().message);
  if (Status kept = kept_.keep(name, script); !kept) {
    (void)host_.stop(name);
    return answered(kFailed, "the script could not be kept, so the job was stopped: " + kept.error().message);
  }
  return answered(kDone, said + "job '" + name + "' runs in the server");
}

ControlWords JobDesk::stop(const std::string& name) {
  auto stopped = host_.stop(name);
  Status forgotten = kept_.forget(name);
  if (!stopped) return answered(kFailed, stopped.error().message);
  if (!forgotten) return answered(kFailed, "it stopped, but a new server would start it: " + forgotten.error().message);
  return answered(kDone, "job '" + name + "' " + name_of(stopped->state) + " after " +
                             human_count(stopped->report.total.rows_in) + " rows in; submit it again to go on");
}

ControlWords JobDesk::list() {
  ControlWords out = answered(kDone, "");
  for (const HostedJob& job : host_.jobs()) out.insert(out.end(), {job.name, name_of(job.state), job.error});
  return out;
}

ControlWords JobDesk::answer(const ControlWords& words) {
  if (words.size() >= kSubmitWords && words[0] == "submit") return submit(words);
  if (words.size() == 2 && words[0] == "stop") return stop(words[1]);
  if (words.size() == 1 && words[0] == "ls") return list();
  return answered(kUsage, "the server does not know this question: is it of another version?");
}

std::vector<std::string> JobDesk::take_news() {
  std::vector<std::string> out;
  for (const HostedJob& job : host_.take_ended()) {
    bool failed = job.state == HostedState::kFailed;
    out.push_back("job '" + job.name + "' " + name_of(job.state) +
                  (failed ? ": " + job.error : ", " + human_count(job.report.total.rows_in) + " rows in"));
    if (job.state != HostedState::kFinished) continue;
    if (Status forgotten = kept_.forget(job.name); !forgotten) out.push_back(forgotten.error().message);
  }
  return out;
}

MaybeFailure submit_job(const std::string& data_directory, const Submission& submission, std::string& said) {
  const JobScript& script = submission.script;
  ControlWords words{"submit", script.path, script.text, script.name.value_or(""), submission.fresh ? "fresh" : ""};
  words.insert(words.end(), script.set.begin(), script.set.end());
  return ask(data_directory, words, said);
}

MaybeFailure stop_job(const std::string& data_directory, const std::string& name, std::string& said) {
  return ask(data_directory, {"stop", name}, said);
}

Result<std::vector<LiveJob>> live_jobs(const std::string& data_directory) {
  std::vector<LiveJob> out;
  auto answer = ask_server(data_directory, {"ls"});
  if (!answer && answer.error().code == Errc::kNotFound) return out;
  if (!answer) return answer.error();
  for (size_t i = 2; i + 2 < answer->size(); i += 3) out.push_back({(*answer)[i], (*answer)[i + 1], (*answer)[i + 2]});
  return out;
}

}  // namespace leat
