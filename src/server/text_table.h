#pragma once
// Lines of aligned cells, as psql draws them.
#include <cstdint>
#include <string>
#include <vector>

namespace leat {

enum class Align : uint8_t { kLeft, kRight };

struct TextColumn {
  std::string name;
  Align align = Align::kLeft;
};

class TextTableLayout {
 public:
  explicit TextTableLayout(std::vector<TextColumn> columns);

  void fit(const std::vector<std::string>& cells);  // Widens the columns where the cells need it.
  void widen(size_t column, size_t width);

  std::string header() const;  // " a | b" and the rule below it, with line ends.
  std::string row(const std::vector<std::string>& cells) const;
  size_t width() const;  // Of the header, and of every row whose cells were fitted.
  // A row that has a line for each column, below a rule with its number: for what is too wide as a table.
  std::string record(int64_t number, const std::vector<std::string>& cells) const;

 private:
  std::string line(const std::vector<std::string>& cells) const;
  std::vector<TextColumn> columns_;
  std::vector<size_t> widths_;
};

// The whole of a small table; as records if it is wider than `width_max`. 0: it may be as wide as it likes.
std::string text_table(std::vector<TextColumn> columns, const std::vector<std::vector<std::string>>& rows,
                       size_t width_max = 0);

}  // namespace leat
