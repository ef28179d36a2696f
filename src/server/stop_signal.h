#pragma once
// Ctrl-C and SIGTERM as a question that loops ask. The first asks to stop; the second ends the process as the signal
// does by default, for whoever does not want to wait.

namespace leat {

class StopSignal {
 public:
  // Takes the two signals over while it lives. At most one lives at a time.
  StopSignal();
  ~StopSignal();
  StopSignal(const StopSignal&) = delete;
  StopSignal& operator=(const StopSignal&) = delete;

  bool requested() const;
  void reset();  // For the next query of a prompt.
};

}  // namespace leat
