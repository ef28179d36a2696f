#pragma once
// Listing: rows that a command shows: a table on a terminal, lines with tabs between the fields in a pipe, a JSON
// object a line with --json. One declaration of the columns serves all three.
#include <string>
#include <variant>
#include <vector>

#include "server/console.h"
#include "server/text_table.h"

namespace leat {

enum class Shown : uint8_t {
  kText,
  kCount,     // A number.
  kBytes,     // A size.
  kTime,      // Milliseconds since the epoch.
  kDuration,  // Milliseconds.
  kJson,      // Text for people; in JSON the text is the value itself.
};

struct ListColumn {
  std::string name;  // "last stable"; in JSON "last_stable".
  Shown shown = Shown::kText;
};

// monostate: there is none.
using ListValue = std::variant<std::monostate, std::string, int64_t>;

class Listing {
 public:
  explicit Listing(std::vector<ListColumn> columns) : columns_(std::move(columns)) {}

  void add(std::vector<ListValue> row);  // A value for each column.
  bool empty() const { return rows_.empty(); }
  Status write(Console&, bool json) const;
  // An array of the rows' objects.
  std::string json_array() const;
  // As on a terminal, whatever there is; width 0: as wide as it likes.
  std::string table(size_t width = 0) const;

 private:
  std::string json_row(const std::vector<ListValue>&) const;
  std::vector<ListColumn> columns_;
  std::vector<std::vector<ListValue>> rows_;
};

}  // namespace leat
