#include "connect/record_splitter.h"

#include <algorithm>
#include <cstring>

namespace leat {
namespace {

constexpr size_t kQuotedBytesMax = 1 << 20;
constexpr BytesView kByteOrderMark = "\xef\xbb\xbf";

BytesView without_line_end(BytesView record) {
  if (record.ends_with('\n')) record.remove_suffix(1);
  if (record.ends_with('\r')) record.remove_suffix(1);
  return record;
}

class LineSplitter final : public RecordSplitter {
 public:
  size_t whole(BytesView bytes, bool ended) const override {
    if (ended) return bytes.size();
    size_t newline = bytes.rfind('\n');
    return newline == BytesView::npos ? 0 : newline + 1;
  }

  void split(BytesView bytes, std::vector<RawRecord>& out) const override {
    const char* at = bytes.data();
    const char* end = at + bytes.size();
    for (uint64_t line = 0; at < end; ++line) {
      const void* newline = std::memchr(at, '\n', static_cast<size_t>(end - at));
      const char* next = newline == nullptr ? end : static_cast<const char*>(newline) + 1;
      BytesView record(at, static_cast<size_t>(next - at));
      out.push_back({without_line_end(record), static_cast<uint64_t>(at - bytes.data()), line});
      at = next;
    }
  }
};

class CsvSplitter final : public RecordSplitter {
 public:
  CsvSplitter(char delimiter, char quote, std::optional<char> escape)
      : delimiter_(delimiter), quote_(quote), escape_(escape) {}

  size_t whole(BytesView bytes, bool ended) const override {
    if (ended) return bytes.size();
    if (bytes.find(quote_) == BytesView::npos) return lines_.whole(bytes, ended);
    size_t done = 0;
    while (done < bytes.size()) {
      size_t size = record_size(bytes.substr(done), false);
      if (size == 0) break;
      done += size;
    }
    return done;
  }

  void split(BytesView bytes, std::vector<RawRecord>& out) const override {
    if (bytes.find(quote_) == BytesView::npos) return lines_.split(bytes, out);
    uint64_t line = 0;
    for (size_t at = 0; at < bytes.size();) {
      size_t size = record_size(bytes.substr(at), true);
      BytesView record = bytes.substr(at, size);
      out.push_back({without_line_end(record), at, line});
      for (char c : record) line += c == '\n';
      at += size;
    }
  }

 private:
  // 0: the record's end is not there yet. With `ended` it always is.
  size_t record_size(BytesView bytes, bool ended) const {
    size_t first_line = line_size(bytes, 0, ended);
    BytesView line = bytes.substr(0, first_line);
    if (first_line != 0 && line.find(quote_) == BytesView::npos) return first_line;
    bool field_start = true;
    size_t first = bytes.starts_with(kByteOrderMark) ? kByteOrderMark.size() : 0;
    for (size_t i = first; i < bytes.size(); ++i) {
      char c = bytes[i];
      if (field_start && c == quote_) {
        size_t end = closing_quote(bytes, i + 1);
        bool known = end == BytesView::npos ? bytes.size() - i > kQuotedBytesMax : end + 1 < bytes.size();
        if (!known && !ended) return 0;
        size_t same_line = line_size(bytes, i, ended);  // 0: its end is not there yet, either.
        if (end == BytesView::npos || (end >= same_line && !may_follow(bytes, end + 1))) return same_line;
        i = end;
        field_start = false;
      } else if (c == '\n') {
        return i + 1;
      } else {
        field_start = c == delimiter_;
      }
    }
    return ended ? bytes.size() : 0;
  }

  // Whether a quoted field can end before this.
  bool may_follow(BytesView bytes, size_t at) const {
    return at >= bytes.size() || bytes[at] == delimiter_ || bytes[at] == '\n' || bytes[at] == '\r';
  }

  static size_t line_size(BytesView bytes, size_t at, bool ended) {
    size_t newline = bytes.find('\n', at);
    if (newline != BytesView::npos) return newline + 1;
    return ended ? bytes.size() : 0;
  }

  size_t closing_quote(BytesView bytes, size_t at) const {
    size_t limit = at + kQuotedBytesMax < bytes.size() ? at + kQuotedBytesMax : bytes.size();
    for (; at < limit; ++at) {
      if (escape_ && bytes[at] == *escape_) {
        ++at;
      } else if (bytes[at] == quote_) {
        if (at + 1 < bytes.size() && bytes[at + 1] == quote_)
          ++at;
        else
          return at;
      }
    }
    return BytesView::npos;
  }

  LineSplitter lines_;
  char delimiter_, quote_;
  std::optional<char> escape_;
};

}  // namespace

// A byte counts to 255, and bytes are what vectors have most of.
uint64_t count_lines(BytesView bytes) {
  constexpr size_t kLanes = 32, kRounds = 255;
  uint64_t lines = 0;
  const char* at = bytes.data();
  size_t left = bytes.size();
  while (left >= kLanes) {
    uint8_t counts[kLanes] = {};
    size_t rounds = std::min(left / kLanes, kRounds);
    for (size_t round = 0; round < rounds; ++round, at += kLanes) {
      for (size_t lane = 0; lane < kLanes; ++lane) counts[lane] += at[lane] == '\n';
    }
    for (uint8_t count : counts) lines += count;
    left -= rounds * kLanes;
  }
  for (; left > 0; --left) lines += *at++ == '\n';
  return lines;
}

std::unique_ptr<RecordSplitter> make_line_splitter() {
  return std::make_unique<LineSplitter>();
}
std::unique_ptr<RecordSplitter> make_csv_splitter(char delimiter, char quote, std::optional<char> escape) {
  return std::make_unique<CsvSplitter>(delimiter, quote, escape);
}

}  // namespace leat
