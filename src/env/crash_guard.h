#pragma once
// CrashGuard: remembers, beyond the death of the process, which rows user code was working on when the process died.
//
// The row in hand stands in a file that is mapped shared: writing it costs a few stores, and because the pages belong
// to the kernel and not to the process, they survive any death of it, `kill -9` included. A handler for the signals by
// which code kills its own process (SIGSEGV, SIGBUS, SIGILL, SIGFPE, SIGABRT, SIGTRAP, SIGSYS) adds the signal and the
// stack, then hands on to whatever handler was there before; exit() is noticed too. The next open() counts the death.
//
// A process that was killed from outside (SIGKILL, SIGTERM) says nothing against the row in hand: such deaths are not
// counted, or a job that is killed often enough would lose good rows. So a row at which the kernel's out-of-memory
// killer strikes is not found; std::bad_alloc, which user code sees first where memory is limited, is a failed row.
//
// Several suspects are kept side by side, because all of the rows since the last checkpoint come again after a death: a
// second poison row must not make the first one forgotten. The file does not survive the loss of the machine: then
// counting starts again.
//
// Lifecycle: one a job; opened on the job's thread. Threads: all calls on that thread; a crash on another thread is not
// blamed on the row.
#include <atomic>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "base/result.h"

namespace leat {

// A row as user code meets it, the same in every run.
struct GuardedRow {
  uint64_t scope = 0;    // Which function, and which partition of which table the row came from.
  uint64_t row = 0;      // Its position there; of a row that no source read, a hash of its values.
  uint64_t ordinal = 0;  // Among rows in succession that were made of the same record.
  bool operator==(const GuardedRow&) const = default;
};

class CrashGuard {
 public:
  struct Suspect {
    GuardedRow row;
    int32_t deaths = 0;
    int32_t cause = 0;  // Of the last death: a signal, or kExit.
    std::string stack;  // Of the last death; empty for kExit.
  };
  static constexpr int32_t kExit = -1;  // User code called exit().

  // `path`: created if absent; `forget`: what it knows is dropped. Counts one more death if the last process died
  // inside user code.
  static Result<std::unique_ptr<CrashGuard>> open(const std::string& path, bool forget = false);
  ~CrashGuard();
  CrashGuard(const CrashGuard&) = delete;
  CrashGuard& operator=(const CrashGuard&) = delete;

  // Rows at which processes died, and that have not since gone through and been committed.
  const std::vector<Suspect>& suspects() const { return suspects_; }

  // Around user code, for each row.
  void enter(const GuardedRow& row) {
    hand_->row = row;
    // The compiler must not move user code before it; the processor's order does not matter to the same thread.
    hand_->inside.store(1, std::memory_order_relaxed);
    std::atomic_signal_fence(std::memory_order_seq_cst);
  }
  void leave() {
    std::atomic_signal_fence(std::memory_order_seq_cst);
    hand_->inside.store(0, std::memory_order_relaxed);
    if (!suspects_.empty()) note_passed(hand_->row);
  }
  // This row was set aside without being tried again: a checkpoint should follow soon.
  void set_aside(const GuardedRow& row) {
    note_passed(row);
    wants_checkpoint_ = true;
  }
  bool wants_checkpoint() const { return wants_checkpoint_; }

  // A checkpoint committed: suspects that came back or were set aside before it are forgotten.
  void committed();

 private:
  struct File;
  struct Hand {
    GuardedRow row;
    std::atomic<uint32_t> inside;  // 1: user code has `row`.
  };
  explicit CrashGuard(File*);
  void judge_last_run();
  void note_passed(const GuardedRow&);
  static void on_death(int signal, void* info, void* context);
  static void on_exit();
  static void install_handlers();
  static void remove_handlers();

  File* file_;
  Hand* hand_;
  std::vector<Suspect> suspects_;
  std::vector<GuardedRow> passed_;  // Suspects that did, since the last checkpoint.
  bool wants_checkpoint_ = false;
};

const char* cause_slug(int32_t cause);  // "sigsegv", "exit".

}  // namespace leat
