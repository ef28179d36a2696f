#include "server/stop_signal.h"

#include <csignal>

namespace leat {
namespace {

volatile std::sig_atomic_t requests = 0;

void on_signal(int signal) {
  if (requests != 0) std::signal(signal, SIG_DFL), std::raise(signal);
  requests = 1;
}

void handle(void (*handler)(int)) {
  struct sigaction action {};
  action.sa_handler = handler;
  sigemptyset(&action.sa_mask);
  // Without SA_RESTART: a read from the terminal ends.
  sigaction(SIGINT, &action, nullptr);
  sigaction(SIGTERM, &action, nullptr);
}

}  // namespace

StopSignal::StopSignal() {
  requests = 0;
  handle(on_signal);
}

StopSignal::~StopSignal() {
  handle(SIG_DFL);
}

bool StopSignal::requested() const {
  return requests != 0;
}

void StopSignal::reset() {
  requests = 0;
}

}  // namespace leat
