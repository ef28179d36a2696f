#pragma once
// Where records end. Lines for JSON; in CSV a line end inside of quotes belongs to the field.
#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "base/types.h"

namespace leat {

struct RawRecord {
  BytesView bytes;  // Without the line end.
  uint64_t offset;  // In the block.
  uint64_t line;    // In the block, from 0: where it begins.
};

uint64_t count_lines(BytesView);  // Their ends, that is.

class RecordSplitter {
 public:
  virtual ~RecordSplitter() = default;
  // How many bytes of `bytes`, which begins with a record, are whole records. `ended`: nothing follows, all of it is.
  virtual size_t whole(BytesView bytes, bool ended) const = 0;
  // `bytes` is whole records.
  virtual void split(BytesView bytes, std::vector<RawRecord>& out) const = 0;
};

std::unique_ptr<RecordSplitter> make_line_splitter();
// A quote that opens a field and does not close within kQuotedBytesMax, or closes on another line before text that
// cannot follow, was a stray one: the record ends with its line, and the file goes on.
std::unique_ptr<RecordSplitter> make_csv_splitter(char delimiter, char quote, std::optional<char> escape);

}  // namespace leat
