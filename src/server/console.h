#pragma once
// Console: the three standard streams, and what they are connected to. Colours and live lines only on a terminal, and
// no colour where NO_COLOR is set (no-color.org).
//
// Threads: one owner.
#include <string>

#include "server/exit_code.h"
#include "server/text_out.h"

namespace leat {

enum class Paint { kBold, kDim, kRed, kGreen };

class Console final : public TextOut {
 public:
  Console();
  ~Console() override;

  // Standard output, buffered.
  Status write(BytesView) override;
  Status flush() override;
  size_t width() const override;

  // Standard error, at once. The output written so far comes first.
  void note(const std::string& message);            // "leat: message"
  void say(const std::string& text);                // As it is.
  int fail(const Error&, int exit_code = kFailed);  // "leat: message"; returns the code.
  // A line that the next one replaces; only where err_is_terminal().
  void live(const std::string& line);
  void end_live();  // Takes the live line away.

  bool in_is_terminal() const { return in_is_terminal_; }
  bool out_is_terminal() const { return out_is_terminal_; }
  bool err_is_terminal() const { return err_is_terminal_; }
  size_t err_width() const;  // In characters; 80 where nobody knows.

  std::string paint_out(Paint, const std::string&) const;
  std::string paint_err(Paint, const std::string&) const;

 private:
  bool in_is_terminal_, out_is_terminal_, err_is_terminal_, colours_;
  bool live_ = false;
  int out_error_ = 0;  // The first errno; nothing is written after it.
  Bytes buffer_;
};

}  // namespace leat
