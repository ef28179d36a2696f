#pragma once
// LineEditor: reads lines from the terminal, with history and completion (libedit).
//
// Lifecycle: at most one lives at a time; the history is read when it is made, and written with each entry.
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace leat {

class LineEditor {
 public:
  // The words that may stand where `word` does, which starts at `start` of `line`.
  using Complete =
      std::function<std::vector<std::string>(const std::string& line, size_t start, const std::string& word)>;
  // `history_path`: a file that only its owner can read; empty: none is kept.
  LineEditor(std::string history_path, Complete complete);
  ~LineEditor();
  LineEditor(const LineEditor&) = delete;
  LineEditor& operator=(const LineEditor&) = delete;

  std::optional<std::string> read(const std::string& prompt);  // Nothing: the end of input, or a signal.
  void remember(const std::string& entry);                     // One entry of the history, on disk too.

 private:
  void save() const;
  std::string history_path_;
};

}  // namespace leat
