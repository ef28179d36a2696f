#include "env/crash_guard.h"

#include <errno.h>
#include <execinfo.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include <atomic>
#include <cstddef>

namespace leat {
namespace {

constexpr uint64_t kMagic = 0x6c65617467756172;  // "leatguar"
constexpr int kFramesMax = 32;
constexpr int kSignals[] = {SIGSEGV, SIGBUS, SIGILL, SIGFPE, SIGABRT};

// The file, and its page in memory.
struct Page {
  uint64_t magic;
  std::atomic<uint32_t> inside;  // 1: user code has `row`.
  int32_t signal;
  uint64_t row;
  uint64_t suspect_row;
  int32_t suspect_deaths;
  int32_t suspect_signal;
  uint32_t stack_bytes;
  char stack[3000];
};
static_assert(sizeof(Page) <= 4096);

Page* g_page = nullptr;  // For the signal handler: of the guard opened last.

void append(Page& page, const char* text, size_t size) {
  size_t left = sizeof page.stack - page.stack_bytes;
  size_t taken = size < left ? size : left;
  memcpy(page.stack + page.stack_bytes, text, taken);
  page.stack_bytes += static_cast<uint32_t>(taken);
}

// Only what is safe in a signal handler: backtrace() was called once before, so that it has loaded what it needs, and
// backtrace_symbols_fd() writes without allocating, here into a pipe that this thread reads back.
void write_stack(Page& page) {
  void* frames[kFramesMax];
  int count = backtrace(frames, kFramesMax);
  int ends[2];
  page.stack_bytes = 0;
  if (pipe2(ends, O_NONBLOCK) != 0) return;
  backtrace_symbols_fd(frames, count, ends[1]);
  char text[512];
  for (ssize_t got = read(ends[0], text, sizeof text); got > 0; got = read(ends[0], text, sizeof text)) {
    append(page, text, static_cast<size_t>(got));
  }
  close(ends[0]);
  close(ends[1]);
}

void on_death(int signal) {
  if (g_page != nullptr && g_page->inside.load(std::memory_order_relaxed) != 0) {
    g_page->signal = signal;
    write_stack(*g_page);
  }
  struct sigaction fall_back {};
  fall_back.sa_handler = SIG_DFL;
  sigaction(signal, &fall_back, nullptr);
  raise(signal);
}

void install_handlers() {
  void* warm_up[1];
  backtrace(warm_up, 1);
  // A stack of its own, because the fault may be that the stack ran over.
  static char alternate[64 * 1024];
  stack_t stack{};
  stack.ss_sp = alternate;
  stack.ss_size = sizeof alternate;
  sigaltstack(&stack, nullptr);
  for (int signal : kSignals) {
    struct sigaction action {};
    action.sa_handler = on_death;
    action.sa_flags = SA_ONSTACK | SA_RESETHAND;
    sigaction(signal, &action, nullptr);
  }
}

class MappedGuard final : public CrashGuard {
 public:
  explicit MappedGuard(Page* page) : page_(page) {
    judge_last_run();
    g_page = page_;
    install_handlers();
  }
  ~MappedGuard() override {
    if (g_page == page_) g_page = nullptr;
    munmap(page_, sizeof(Page));
  }

  const Suspect& suspect() const override { return suspect_; }
  void enter(uint64_t row) override {
    page_->row = row;
    page_->inside.store(1, std::memory_order_release);
  }
  void leave() override {
    page_->inside.store(0, std::memory_order_release);
    if (page_->row == suspect_.row) passed_ = true;
  }
  void skip_suspect() override { passed_ = true; }
  void committed() override {
    if (!passed_) return;
    page_->suspect_deaths = 0;
    suspect_ = {};
    passed_ = false;
  }

 private:
  void judge_last_run() {
    if (page_->inside.load() != 0) {
      bool again = page_->suspect_deaths > 0 && page_->suspect_row == page_->row;
      page_->suspect_deaths = again ? page_->suspect_deaths + 1 : 1;
      page_->suspect_row = page_->row;
      page_->suspect_signal = page_->signal;
      if (page_->signal == 0) page_->stack_bytes = 0;
      page_->inside.store(0);
    }
    page_->signal = 0;
    suspect_.row = page_->suspect_row;
    suspect_.deaths = page_->suspect_deaths;
    suspect_.signal = page_->suspect_signal;
    size_t bytes = page_->stack_bytes < sizeof page_->stack ? page_->stack_bytes : sizeof page_->stack;
    suspect_.stack.assign(page_->stack, bytes);
  }

  Page* page_;
  Suspect suspect_;
  bool passed_ = false;  // The suspect, since the process began.
};

Error failed(const char* what, const std::string& path) {
  return Error{Errc::kIo, std::string(what) + " " + path + ": " + strerror(errno)};
}

}  // namespace

Result<std::unique_ptr<CrashGuard>> CrashGuard::open(const std::string& path) {
  int fd = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (fd < 0) return failed("open", path);
  bool sized = ftruncate(fd, sizeof(Page)) == 0;
  void* memory = sized ? mmap(nullptr, sizeof(Page), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0) : MAP_FAILED;
  Error error = memory == MAP_FAILED ? failed("map", path) : Error{};
  close(fd);
  if (memory == MAP_FAILED) return error;
  auto* page = static_cast<Page*>(memory);
  if (page->magic != kMagic) {
    memset(memory, 0, sizeof(Page));
    page->magic = kMagic;
  }
  return std::unique_ptr<CrashGuard>(std::make_unique<MappedGuard>(page));
}

const char* signal_slug(int32_t signal) {
  switch (signal) {
    case 0:
      return "killed";
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
    default:
      return "signal";
  }
}

}  // namespace leat
