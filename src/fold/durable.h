#pragma once
// Durable<M>: a state machine whose state outlives the process.
//
// Group commit: submit() decides and applies at once, so the next command is decided on what came before it; its reply
// waits. commit() makes everything that was submitted since the last one durable with one sync, and then hands out the
// replies, in order. A decision without events waits too: it may rest on events that are still in flight.
//
// Threads: one owner. `done` runs within commit(), and may submit; what it submits waits for the next one.
// Errors:  after a failed commit() the state may hold what the disk does not, so every call gives that error, and the
//          state is not to be looked at, until it is opened again.
#include <functional>
#include <memory>
#include <utility>

#include "fold/fold_log.h"

namespace leat {

template <StateMachine M>
class Durable {
 public:
  using Command = typename M::Command;
  using Event = typename M::Event;
  using Reply = typename M::Reply;
  using Done = std::function<void(Result<Reply>)>;

  // kCorruption names the directory or file, and the place.
  static Result<std::unique_ptr<Durable>> open(Env env, std::string directory, const FoldOptions& options) {
    TRY_ASSIGN(FoldLog log, FoldLog::open(env, std::move(directory), options));
    std::unique_ptr<Durable> out(new Durable(env, std::move(log)));
    TRY(out->log_.replay([&out](BytesView key, std::optional<BytesView> value) -> Status {
      TRY_ASSIGN(Event event, M::decode(key, value));
      out->machine_.apply(event);
      return {};
    }));
    return out;
  }

  void submit(const Command& command, Done done) {
    if (failed_) return done(*failed_);
    auto decision = machine_.decide(command, env_.clock.wall());
    for (const Event& event : decision.events) {
      log_.add(M::encode(event));
      machine_.apply(event);
    }
    waiting_.emplace_back(std::move(decision.reply), std::move(done));
  }

  Status commit() {
    if (failed_) return *failed_;
    auto answered = std::exchange(waiting_, {});
    Status committed = remember(log_.commit());
    for (auto& [reply, done] : answered) {
      done(committed ? Result<Reply>(std::move(reply)) : Result<Reply>(committed.error()));
    }
    TRY(std::move(committed));
    // When `done` submitted something, the next commit() is soon enough.
    return log_.is_long() && waiting_.empty() ? begin_anew() : Status();
  }

  // submit() and commit() of one command. An error of what follows the decision comes with the next one.
  Result<Reply> run(const Command& command) {
    std::optional<Result<Reply>> out;
    submit(command, [&out](Result<Reply> reply) { out = std::move(reply); });
    if (!out) (void)commit();
    return std::move(*out);
  }

  const M& machine() const { return machine_; }
  Status status() const { return failed_ ? Status(*failed_) : Status(); }

 private:
  Durable(Env env, FoldLog log) : env_(env), log_(std::move(log)) {}

  Status begin_anew() {
    std::vector<FoldRecord> records;
    for (const Event& event : machine_.snapshot()) records.push_back(M::encode(event));
    return remember(log_.begin_anew(records));
  }
  Status remember(Status status) {
    if (!status) failed_ = status.error();
    return status;
  }

  Env env_;
  FoldLog log_;
  M machine_;
  std::vector<std::pair<Reply, Done>> waiting_;
  std::optional<Error> failed_;
};

}  // namespace leat
