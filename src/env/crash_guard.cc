#include "env/crash_guard.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <ucontext.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <mutex>

#include "env/stack_trace.h"

namespace leat {
namespace {

constexpr uint64_t kMagic = 0x3264726175676c01;  // Changes with the layout: another one is not understood, and dropped.
constexpr size_t kSuspectsMax = 1024;            // A checkpoint follows each batch, of so many rows, that had some.
constexpr size_t kStackBytesMax = 8000;
constexpr int kSignals[] = {SIGSEGV, SIGBUS, SIGILL, SIGFPE, SIGABRT, SIGTRAP, SIGSYS};
constexpr size_t kSignalCount = std::size(kSignals);

thread_local void* t_file = nullptr;  // Of this thread's guard, for the handlers, which know nothing else.
std::mutex g_handlers_mutex;
int g_guards = 0;
struct sigaction g_before[kSignalCount];

const void* fault_address([[maybe_unused]] void* context) {
#if defined(__x86_64__)
  return reinterpret_cast<const void*>(static_cast<ucontext_t*>(context)->uc_mcontext.gregs[REG_RIP]);
#elif defined(__aarch64__)
  return reinterpret_cast<const void*>(static_cast<ucontext_t*>(context)->uc_mcontext.pc);
#else
  return nullptr;  // Then the stack begins with the handler itself.
#endif
}

}  // namespace

// The file's layout. It is sparse: what no suspect needs takes no space.
struct CrashGuard::File {
  struct Text {
    uint32_t bytes;
    char data[kStackBytesMax];
    std::string_view view() const { return {data, std::min<size_t>(bytes, kStackBytesMax)}; }
  };
  struct Entry {
    GuardedRow row;
    int32_t deaths;  // 0: the place is free.
    int32_t cause;
    Text stack;
  };
  uint64_t magic;
  Hand hand;
  int32_t cause;  // How this process died; 0: it lives, or was killed from outside.
  Text stack;
  Entry entries[kSuspectsMax];

  Entry* find(const GuardedRow& row) {
    auto* at = std::find_if(std::begin(entries), std::end(entries),
                            [&](const Entry& entry) { return entry.deaths > 0 && entry.row == row; });
    return at == std::end(entries) ? nullptr : at;
  }
  // The place with the fewest deaths: a free one if there is any.
  Entry* place() {
    return std::min_element(std::begin(entries), std::end(entries),
                            [](const Entry& a, const Entry& b) { return a.deaths < b.deaths; });
  }
};

void CrashGuard::on_death(int signal, void*, void* context) {
  auto* file = static_cast<File*>(t_file);
  if (file != nullptr && file->hand.inside.load(std::memory_order_relaxed) != 0) {
    file->cause = signal;
    file->stack.bytes = static_cast<uint32_t>(write_stack_trace(fault_address(context), file->stack.data));
  }
  // It strikes again when this handler returns, and then meets the handler that was there before.
  for (size_t i = 0; i < kSignalCount; ++i) {
    if (kSignals[i] == signal) sigaction(signal, &g_before[i], nullptr);
  }
  raise(signal);
}

void CrashGuard::on_exit() {
  auto* file = static_cast<File*>(t_file);
  if (file != nullptr && file->hand.inside.load(std::memory_order_relaxed) != 0) file->cause = kExit;
}

void CrashGuard::install_handlers() {
  std::lock_guard lock(g_handlers_mutex);
  if (g_guards++ > 0) return;
  prepare_stack_trace();
  static const bool kExitNoticed = std::atexit(on_exit) == 0;
  (void)kExitNoticed;
  for (size_t i = 0; i < kSignalCount; ++i) {
    struct sigaction action {};
    action.sa_sigaction = [](int signal, siginfo_t* info, void* context) { on_death(signal, info, context); };
    action.sa_flags = SA_SIGINFO | SA_ONSTACK;
    sigaction(kSignals[i], &action, &g_before[i]);
  }
}

void CrashGuard::remove_handlers() {
  std::lock_guard lock(g_handlers_mutex);
  if (--g_guards > 0) return;
  for (size_t i = 0; i < kSignalCount; ++i) sigaction(kSignals[i], &g_before[i], nullptr);
}

namespace {

// A stack for the handler, because the fault may be that the stack ran over. One a thread.
class HandlerStack {
 public:
  HandlerStack() {
    stack_t stack{};
    stack.ss_sp = memory_;
    stack.ss_size = sizeof memory_;
    sigaltstack(&stack, &before_);
  }
  ~HandlerStack() { sigaltstack(&before_, nullptr); }
  HandlerStack(const HandlerStack&) = delete;
  HandlerStack& operator=(const HandlerStack&) = delete;

 private:
  stack_t before_{};
  char memory_[64 * 1024];
};
thread_local std::unique_ptr<HandlerStack> t_stack;

Error guard_failed(const char* what, const std::string& path) {
  return Error{Errc::kIo, std::string(what) + " " + path + ": " + strerror(errno)};
}

}  // namespace

CrashGuard::CrashGuard(File* file) : file_(file), hand_(&file->hand) {
  judge_last_run();
  t_file = file_;
  t_stack = std::make_unique<HandlerStack>();
  install_handlers();
}

CrashGuard::~CrashGuard() {
  remove_handlers();
  t_stack.reset();
  t_file = nullptr;
  munmap(file_, sizeof(File));
}

void CrashGuard::judge_last_run() {
  if (hand_->inside.load() != 0 && file_->cause != 0) {
    File::Entry* entry = file_->find(hand_->row);
    if (entry == nullptr) {
      entry = file_->place();
      entry->row = hand_->row;
      entry->deaths = 0;
    }
    ++entry->deaths;
    entry->cause = file_->cause;
    entry->stack = file_->stack;
    if (file_->cause == kExit) entry->stack.bytes = 0;
  }
  hand_->inside.store(0);
  file_->cause = 0;
  for (const File::Entry& entry : file_->entries) {
    if (entry.deaths == 0) continue;
    suspects_.push_back({entry.row, entry.deaths, entry.cause, demangle_stack_trace(entry.stack.view())});
  }
}

void CrashGuard::note_passed(const GuardedRow& row) {
  auto is_row = [&row](const Suspect& suspect) { return suspect.row == row; };
  if (std::any_of(suspects_.begin(), suspects_.end(), is_row)) passed_.push_back(row);
}

void CrashGuard::committed() {
  for (const GuardedRow& row : passed_) {
    if (File::Entry* entry = file_->find(row)) entry->deaths = 0;
    std::erase_if(suspects_, [&row](const Suspect& suspect) { return suspect.row == row; });
  }
  passed_.clear();
  wants_checkpoint_ = false;
}

Result<std::unique_ptr<CrashGuard>> CrashGuard::open(const std::string& path, bool forget) {
  int fd = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | (forget ? O_TRUNC : 0), 0600);
  if (fd < 0) return guard_failed("open", path);
  bool sized = ftruncate(fd, sizeof(File)) == 0;
  void* memory = sized ? mmap(nullptr, sizeof(File), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0) : MAP_FAILED;
  Error error = memory == MAP_FAILED ? guard_failed("map", path) : Error{Errc::kIo, {}};
  close(fd);
  if (memory == MAP_FAILED) return error;
  auto* file = static_cast<File*>(memory);
  if (file->magic != 0 && file->magic != kMagic) {
    munmap(memory, sizeof(File));
    unlink(path.c_str());
    return open(path, false);
  }
  file->magic = kMagic;
  return std::unique_ptr<CrashGuard>(new CrashGuard(file));
}

const char* cause_slug(int32_t cause) {
  switch (cause) {
    case CrashGuard::kExit:
      return "exit";
    case SIGSEGV:
      return "sigsegv";
    case SIGBUS:
      return "sigbus";
    case SIGILL:
      return "sigill";
    case SIGFPE:
      return "sigfpe";
    case SIGABRT:
      return "sigabrt";
    case SIGTRAP:
      return "sigtrap";
    case SIGSYS:
      return "sigsys";
    default:
      return "signal";
  }
}

}  // namespace leat
